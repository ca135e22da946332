package io.oncemq.spi.support;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits before a retry, spread by up to 30 % so that many members do not retry at once. */
public final class Waits {
    private static final int MOST_DOUBLINGS = 20;

    private Waits() {}

    /** The first wait, doubled for each failure before, up to the last. @param failures how many there were before this one */
    public static Duration doubling(Duration first, Duration last, int failures) {
        Duration longer = first.multipliedBy(1L << Math.max(0, Math.min(failures, MOST_DOUBLINGS)));
        return spread(longer.compareTo(last) < 0 ? longer : last);
    }

    /** Between 70 and 130 % of it. */
    public static Duration spread(Duration mean) {
        return Duration.ofNanos(
                (long) (mean.toNanos() * ThreadLocalRandom.current().nextDouble(0.7, 1.3)));
    }

    /** The earlier of two moments of a clock such as {@link System#nanoTime}. */
    public static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }
}
