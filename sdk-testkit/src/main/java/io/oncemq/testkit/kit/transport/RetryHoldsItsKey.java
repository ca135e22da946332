package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class RetryHoldsItsKey extends Scenario {
    private static final RetryPolicy PATIENT = RetryPolicy.builder()
            .fixed(Duration.ofMillis(50))
            .maxAttempts(10_000)
            .build();

    private final AtomicBoolean healed = new AtomicBoolean();

    RetryHoldsItsKey(TransportKit kit) {
        super(kit);
    }

    private void failForKeyAUntilHealed(String key) {
        if (key.startsWith("a") && !healed.get()) {
            throw new IllegalStateException("not yet");
        }
    }

    @Test
    @DisplayName("O1 while one message is retried its key waits and every other key continues")
    final void otherKeysGoOnWhileOneRetries() {
        String orders = destination(1);
        publish(orders, message("a1", "a"), message("a2", "a"));
        publish(
                orders,
                IntStream.range(0, 50)
                        .mapToObj(n -> message("b" + n, "b" + n % 5))
                        .toList());
        subscribe(client(), orders)
                .concurrency(2)
                .retry(PATIENT)
                .handler(effects.by("only", delivery -> failForKeyAUntilHealed(String.valueOf(delivery.key()))))
                .start();
        awaitEffects(50);
        assertThat(effects.firstBodies("a")).isEmpty();
        assertThat(effects.starts()).extracting(Effect::id).doesNotContain("a2");
        healed.set(true);
        awaitHandled("a1", "a2");
        assertThat(effects.firstBodies("a")).containsExactly("a1", "a2");
        assertThat(effects.repeated()).isEmpty();
    }

    @Test
    @DisplayName("O1 a held key with a long backlog leaves room for the keys of other shards")
    final void heldKeyLeavesRoomForOtherShards() {
        String orders = destination(2);
        String held = keyOf(0, 2, "a");
        String free = keyOf(1, 2, "b");
        publish(
                orders,
                IntStream.range(0, 300).mapToObj(n -> message("h" + n, held)).toList());
        publish(
                orders,
                IntStream.range(0, 100).mapToObj(n -> message("f" + n, free)).toList());
        subscribe(client(), orders)
                .concurrency(4)
                .maxInFlight(50)
                .retry(PATIENT)
                .handler(effects.by("only", delivery -> failForKeyAUntilHealed(String.valueOf(delivery.key()))))
                .start();
        awaitEffects(100);
        assertThat(effects.firstBodies(held)).isEmpty();
        healed.set(true);
        awaitEffects(400);
        assertThat(effects.repeated()).isEmpty();
    }
}
