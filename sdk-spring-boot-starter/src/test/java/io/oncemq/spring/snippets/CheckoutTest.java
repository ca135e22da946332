package io.oncemq.spring.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.OutboundMessage;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.testkit.handler.Answer;
import io.oncemq.testkit.handler.RecordingPublisher;
import org.junit.jupiter.api.Test;

class CheckoutTest {
    @Test
    void reportsAnOrderThatTheBrokerRefused() {
        RecordingPublisher<Order> orders = RecordingPublisher.to("orders");
        orders.answerNext(Answer.rejected(Reason.TOO_LARGE));
        Checkout checkout = new Checkout(orders);

        assertThat(checkout.place(new Order("7", "ann", 1_200))).isCompletedExceptionally();
        assertThat(checkout.place(new Order("8", "ann", 1_200))).isCompleted();
        assertThat(orders.confirmed()).extracting(OutboundMessage::id).containsExactly("placed-8");
    }
}
