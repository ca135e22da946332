package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class TimesToLive extends Scenario {
    private static final String OTHER = "shipping";
    private static final Duration SHORT = Duration.ofMillis(300);

    TimesToLive(TransportKit kit) {
        super(kit);
    }

    @Test
    @Requires({Feature.MESSAGE_TTL, Feature.DEAD_LETTER})
    @DisplayName("what is fetched after its time to live reaches no handler, but the dead letters of each group")
    final void whatExpiredLiesAmongTheDeadLettersOfEachGroup() {
        String orders = destination(1, GROUP, OTHER);
        publish(
                orders,
                message("mayfly", "a").timeToLive(SHORT),
                message("stays", "a"),
                message("lasts", "a").timeToLive(Duration.ofHours(1)));
        long over = System.nanoTime() + 2 * SHORT.toNanos();
        await().until(() -> System.nanoTime() - over > 0);
        for (String group : new String[] {GROUP, OTHER}) {
            subscribe(client(), orders, group).handler(effects.by(group)).start();
        }
        awaitEffects(4);
        for (String group : new String[] {GROUP, OTHER}) {
            String letters = DestinationSpec.deadLetterName(orders, group);
            await().untilAsserted(() -> assertThat(fixture.readRaw(letters))
                    .singleElement()
                    .returns("mayfly", RawMessage::text)
                    .returns("a", RawMessage::key));
            assertThat(effects.starts().stream()
                            .filter(start -> start.consumer().equals(group))
                            .map(Effect::id))
                    .containsExactly("stays", "lasts");
        }
    }
}
