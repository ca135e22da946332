package io.oncemq.jms;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Times to wait, spread so that many members do not do the same at once. */
final class Pauses {
    private static final int MOST_DOUBLINGS = 7;

    private Pauses() {}

    /** Doubles with each time before, up to the last. */
    static Duration doubling(Duration first, Duration last, int times) {
        Duration longer = first.multipliedBy(1L << Math.min(times, MOST_DOUBLINGS));
        return spread(longer.compareTo(last) < 0 ? longer : last);
    }

    static Duration spread(Duration mean) {
        return Duration.ofNanos(
                (long) (mean.toNanos() * ThreadLocalRandom.current().nextDouble(0.7, 1.3)));
    }
}
