package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.RetryPolicy;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class WithoutStore extends Scenario {
    WithoutStore(TransportKit kit) {
        super(kit);
    }

    @Test
    @Requires(Feature.DEAD_LETTER)
    @DisplayName("without a store attempts are retried, counted and end in the dead letter")
    final void retriesAndDeadLettersWork() {
        String orders = destination(1);
        publish(orders, message("bad", "a"), message("good", "a"));
        subscribe(clientWithoutStore(), orders)
                .retry(RetryPolicy.builder()
                        .fixed(Duration.ofMillis(10))
                        .maxAttempts(3)
                        .build())
                .handler(effects.by("only", delivery -> {
                    if (delivery.id().equals("bad")) {
                        throw new IllegalStateException("never");
                    }
                }))
                .start();
        awaitHandled("good");
        assertThat(effects.starts()).extracting(Effect::attempt).containsExactly(1, 2, 3, 1);
        assertThat(fixture.readRaw(DestinationSpec.deadLetterName(orders, GROUP)))
                .extracting(RawMessage::text)
                .containsExactly("bad");
    }

    @Test
    @DisplayName("without a store duplicates reach the handler, and there is no fencing token")
    final void duplicatesReachTheHandler() {
        String orders = destination(1);
        publish(orders, message("1", "a"), message("1", "a"), message("2", "a"));
        subscribe(clientWithoutStore(), orders).handler(effects.by("only")).start();
        awaitHandled("2");
        assertThat(effects.ids()).containsExactly("1", "1", "2");
        assertThat(effects.all()).extracting(Effect::token).containsOnly(-1L);
    }

    @Test
    @DisplayName("without a store keys are handled in order and one at a time")
    final void keepsTheOrderOfEachKey() {
        String orders = destination(2);
        publish(
                orders,
                IntStream.range(0, 300)
                        .mapToObj(n -> message("m" + n, "key-" + n % 6, Integer.toString(n)))
                        .toList());
        subscribe(clientWithoutStore(), orders).handler(effects.by("only")).start();
        awaitAtLeastEffects(300);
        assertThat(effects.overlaps()).isEmpty();
        for (int key = 0; key < 6; key++) {
            assertThat(effects.firstBodies("key-" + key).stream()
                            .map(Integer::valueOf)
                            .toList())
                    .hasSize(50)
                    .isSorted();
        }
    }
}
