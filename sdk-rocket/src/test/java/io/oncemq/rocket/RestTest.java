package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestTest {
    private final Rest rest = new Rest();

    @Test
    void lastsUntilSomethingIsDueWithinBounds() {
        assertThat(rest.millis(() -> Duration.ofMillis(400).toNanos())).isEqualTo(400);
        assertThat(rest.millis(() -> 0)).isEqualTo(Rest.TURN_MILLIS);
        assertThat(rest.millis(() -> Long.MAX_VALUE)).isEqualTo(1_000);
    }

    /** Else a settlement between the look at the queues and the wait would wake no thread. */
    @Test
    void isLongWhileItIsMeasured() {
        rest.millis(() -> {
            assertThat(rest.isLong()).isTrue();
            return Long.MAX_VALUE;
        });
        assertThat(rest.isLong()).isTrue();
        rest.over();
        assertThat(rest.isLong()).isFalse();
        rest.millis(() -> 0);
        assertThat(rest.isLong()).isFalse();
    }
}
