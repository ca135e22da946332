package io.oncemq.torture;

import java.time.Duration;
import java.util.SplittableRandom;

/** Times by chance. */
final class Spans {
    private Spans() {}

    static Duration between(SplittableRandom random, long leastMillis, long mostMillis) {
        return Duration.ofMillis(random.nextLong(leastMillis, mostMillis + 1));
    }
}
