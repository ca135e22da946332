package io.oncemq.core.publish;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;

/**
 * How long to wait, by number of attempts.
 *
 * @param session between two sessions
 * @param breaker while the breaker is open
 * @param destination before a destination that took a message back is tried again
 */
record BackOffs(IntervalFunction session, IntervalFunction breaker, IntervalFunction destination) {
    private static final Duration LAST = Duration.ofSeconds(5);
    private static final Duration LAST_FOR_DESTINATION = Duration.ofSeconds(2);

    /** Doubling from some 50 ms (half a second for the breaker), spread by 30 % so that many clients do not come back at once. */
    static BackOffs spread() {
        return new BackOffs(
                IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(50), 2, 0.3, LAST),
                IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(500), 2, 0.3, LAST),
                IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(50), 2, 0.3, LAST_FOR_DESTINATION));
    }
}
