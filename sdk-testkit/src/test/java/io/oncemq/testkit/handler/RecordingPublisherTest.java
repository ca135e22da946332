package io.oncemq.testkit.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ClientClosedException;
import io.oncemq.ConfigurationException;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordingPublisherTest {
    private final RecordingPublisher<String> orders = RecordingPublisher.to("orders");

    private static OutboundMessage<String> message(String id, String key) {
        return OutboundMessage.of("body of " + id).id(id).key(key);
    }

    @Test
    void confirmsAndRecordsWhereATestSaysNothing() {
        List<CompletableFuture<Receipt>> futures = orders.publishAll(List.of(message("1", "a"), message("2", "a")));
        assertThat(futures).extracting(future -> future.join().id()).containsExactly("1", "2");
        assertThat(futures.get(0).join().destination()).isEqualTo("orders");
        assertThat(futures.get(0).join().position())
                .isNotEqualTo(futures.get(1).join().position());
        assertThat(orders.published()).extracting(OutboundMessage::id).containsExactly("1", "2");
        assertThat(orders.confirmed()).isEqualTo(orders.published());
    }

    @Test
    void rejectsOneMessageOnRequest() {
        orders.answerNext(Answer.rejected(Reason.TOO_LARGE));
        CompletableFuture<Receipt> large = orders.publish(message("1", "a"));
        assertThatThrownBy(large::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(PublishRejectedException.class, rejected -> {
                    assertThat(rejected.reason()).isEqualTo(Reason.TOO_LARGE);
                    assertThat(rejected.id()).isEqualTo("1");
                });
        assertThat(orders.publish(message("2", "a"))).isCompleted();
        assertThat(orders.confirmed()).extracting(OutboundMessage::id).containsExactly("2");
        assertThat(orders.published()).hasSize(2);
    }

    @Test
    void answersEachMessageAsAFunctionSays() {
        orders.answer(message -> message.id().equals("2") ? Answer.rejected(Reason.REFUSED) : Answer.confirmed());
        List<CompletableFuture<Receipt>> futures =
                orders.publishAll(List.of(message("1", "a"), message("2", "b"), message("3", "c")));
        assertThat(futures)
                .extracting(CompletableFuture::isCompletedExceptionally)
                .containsExactly(false, true, false);
        orders.answer(Answer.confirmed());
        assertThat(orders.publish(message("2", "b"))).isCompleted();
    }

    @Test
    void anUnknownOutcomeBlocksItsKeyUntilItIsPublishedAgain() {
        orders.answerNext(Answer.unknown());
        List<CompletableFuture<Receipt>> futures =
                orders.publishAll(List.of(message("1", "a"), message("2", "a"), message("3", "b")));
        assertThatThrownBy(futures.get(0)::get).hasCauseInstanceOf(PublishOutcomeUnknownException.class);
        assertThatThrownBy(futures.get(1)::get).cause().hasMessageContaining("KEY_FROZEN");
        assertThat(futures.get(2)).isCompleted();
        assertThat(orders.blockedKeys()).isOne();

        List<CompletableFuture<Receipt>> again =
                orders.republish(List.of(futures.get(1), futures.get(2), futures.get(0)));
        assertThat(again).allSatisfy(future -> assertThat(future).isCompleted());
        assertThat(again.get(1)).isSameAs(futures.get(2));
        assertThat(orders.confirmed())
                .as("the order of the first publishing")
                .extracting(OutboundMessage::id)
                .containsExactly("3", "1", "2");
        assertThat(orders.blockedKeys()).isZero();
    }

    @Test
    void anUnknownOutcomeCanBeGivenUp() {
        orders.answerNext(Answer.unknown());
        assertThat(orders.publish(message("1", "a"))).isCompletedExceptionally();
        assertThat(orders.abandon("1")).isTrue();
        assertThat(orders.abandon("1")).isFalse();
        assertThat(orders.publish(message("2", "a"))).isCompleted();
    }

    @Test
    void aMessageWithoutAKeyBlocksNothing() {
        orders.answerNext(Answer.unknown());
        CompletableFuture<Receipt> unknown =
                orders.publish(OutboundMessage.of("a").id("1"));
        assertThat(orders.blockedKeys()).isZero();
        assertThat(orders.publish(OutboundMessage.of("b"))).isCompleted();
        assertThat(orders.republish(List.of(unknown.thenApply(receipt -> receipt))))
                .singleElement()
                .satisfies(future -> assertThat(future).isCompleted());
    }

    @Test
    void republishLeavesWhatIsNoFailedPublish() {
        List<CompletableFuture<Receipt>> others = List.of(
                new CompletableFuture<>(), CompletableFuture.failedFuture(new IllegalStateException("own failure")));
        assertThat(orders.republish(others)).containsExactlyElementsOf(others);
        RecordingPublisher<String> elsewhere = RecordingPublisher.to("invoices");
        elsewhere.answer(Answer.unknown());
        assertThatThrownBy(() -> orders.republish(List.of(elsewhere.publish(message("1", "a")))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("invoices");
    }

    @Test
    void takesNothingOnceItIsClosed() {
        orders.flush();
        orders.close(Duration.ZERO);
        assertThatThrownBy(() -> orders.publish(message("1", "a"))).isInstanceOf(ClientClosedException.class);
        assertThat(orders.published()).isEmpty();
    }

    @Test
    void threadsPublishAtOnce() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(8);
        try {
            pool.submit(() -> IntStream.range(0, 100_000)
                            .parallel()
                            .forEach(i -> orders.publish(message(Integer.toString(i), "k"))
                                    .join()))
                    .get();
        } finally {
            pool.shutdown();
        }
        assertThat(orders.confirmed()).hasSize(100_000);
        assertThat(Set.copyOf(
                        orders.confirmed().stream().map(OutboundMessage::id).toList()))
                .hasSize(100_000);
    }
}
