package io.oncemq.spring.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.OutboundMessage;
import io.oncemq.testkit.handler.RecordingPublisher;
import io.oncemq.testkit.handler.TestDelivery;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BillingTest {
    private final List<Order> charged = new ArrayList<>();
    private final RecordingPublisher<Mail> receipts = RecordingPublisher.to("receipts");
    private final Billing billing = new Billing(charged::add, receipts);

    @Test
    void chargesAnOrderAndSendsAReceipt() throws Exception {
        Order order = new Order("7", "ann", 1_200);
        TestDelivery<Order> delivery =
                TestDelivery.builder(order).id("placed-7").key("ann").attempt(2).build();

        billing.charge(order, delivery);

        assertThat(charged).containsExactly(order);
        assertThat(delivery.derived(receipts)).extracting(OutboundMessage::body).containsExactly(new Mail("ann"));
    }
}
