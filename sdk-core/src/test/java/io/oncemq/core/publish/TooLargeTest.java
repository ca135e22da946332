package io.oncemq.core.publish;

import static io.oncemq.core.publish.Rig.assertUnknown;
import static io.oncemq.core.publish.Rig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Codec;
import io.oncemq.Codecs;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishAttempt;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.core.Observers;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A message that is too large blocks no key that it did not block before, and is never taken for certainly not stored if it may be. */
@Timeout(120)
class TooLargeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FakeBroker broker = new FakeBroker(PublishOrder.SESSION_PREFIX);
    private final PublishPipeline pipeline =
            new PublishPipeline(broker, new Events(List.of()), "large", System::nanoTime);
    private final EnginePublisher<String> brief = publisher(Duration.ofMillis(500), 1_000);
    private final EnginePublisher<String> patient = publisher(Duration.ofMinutes(2), 1_000);

    @AfterEach
    void close() {
        pipeline.close(Duration.ZERO);
    }

    private EnginePublisher<String> publisher(Duration deadline, long largest) {
        return publisher(Codecs.string(), deadline, largest);
    }

    private EnginePublisher<String> publisher(Codec<String> codec, Duration deadline, long largest) {
        return new EnginePublisher<>(
                pipeline,
                new FrameComposer("ce_"),
                new SendRules(broker.capabilities()),
                new Observers(List.of()),
                "orders",
                codec,
                PublisherOptions.builder().deadline(deadline).build(),
                OptionalLong.of(largest));
    }

    private static OutboundMessage<String> small(String id) {
        return OutboundMessage.of("small").id(id).key("k");
    }

    private static OutboundMessage<String> large(String id) {
        return OutboundMessage.of("x".repeat(2_000)).id(id).key("k");
    }

    private void lose(CompletableFuture<Receipt> outcome) {
        assertThat(outcome).failsWithin(PATIENCE);
        assertUnknown(outcome);
        assertThat(patient.blockedKeys()).isEqualTo(1);
    }

    @Test
    void publishedAgainWithTheOthersOfItsKeyItDoesNotKeepTheKeyBlocked() {
        CompletableFuture<Receipt> unknown = brief.publish(small("1"));
        CompletableFuture<Receipt> tooLarge = brief.publish(large("2"));
        lose(unknown);
        CompletableFuture<Receipt> behind = brief.publish(small("3"));
        assertThat(behind).failsWithin(PATIENCE);
        broker.confirmsAtOnce = true;
        List<CompletableFuture<Receipt>> again = patient.republish(List.of(unknown, tooLarge, behind));
        assertThat(again.get(0)).succeedsWithin(PATIENCE);
        assertThat(reason(again.get(1))).isEqualTo(Reason.TOO_LARGE);
        assertThat(again.get(2)).succeedsWithin(PATIENCE);
        assertThat(patient.blockedKeys()).isZero();
        assertThat(patient.publish(small("4"))).succeedsWithin(PATIENCE);
        assertThat(broker.storedIds()).containsExactly("1", "3", "4");
    }

    @Test
    void whatMayBeStoredStaysUnknownWhenItIsTooLargeNow() {
        EnginePublisher<String> wide = publisher(Duration.ofMillis(500), 10_000);
        CompletableFuture<Receipt> first = wide.publish(small("1"));
        CompletableFuture<Receipt> second = wide.publish(large("2"));
        lose(first);
        lose(second);
        CompletableFuture<Receipt> third = brief.publish(small("3"));
        assertThat(third).failsWithin(PATIENCE);
        assertThat(patient.publish(large("2")))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PublishOutcomeUnknownException.class);
        broker.confirmsAtOnce = true;
        List<CompletableFuture<Receipt>> again = patient.republish(List.of(first, second, third));
        assertThat(again.get(0)).succeedsWithin(PATIENCE);
        assertUnknown(again.get(1));
        assertThat(again.get(2)).failsWithin(PATIENCE);
        assertThat(reason(again.get(2))).isEqualTo(Reason.KEY_FROZEN);
        assertThat(patient.blockedKeys()).isEqualTo(1);
        assertThat(patient.abandon("2")).isTrue();
        assertThat(patient.publish(small("4"))).succeedsWithin(PATIENCE);
    }

    @Test
    void whatAnEarlierClientMayHaveStoredBlocksItsKeyHereToo() {
        broker.confirmsAtOnce = true;
        PublishAttempt attempt = new PublishAttempt("orders", large("1"), 1);
        Throwable failure = new PublishOutcomeUnknownException("1", "orders", "no answer", null, attempt);
        CompletableFuture<Receipt> again = patient.republish(List.of(CompletableFuture.failedFuture(failure)))
                .get(0);
        assertUnknown(again);
        CompletableFuture<Receipt> later = patient.publish(small("2"));
        assertThat(later).failsWithin(PATIENCE);
        assertThat(reason(later)).isEqualTo(Reason.KEY_FROZEN);
        assertThat(patient.abandon("1")).isTrue();
        assertThat(patient.publish(small("3"))).succeedsWithin(PATIENCE);
    }
}
