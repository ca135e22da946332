package io.oncemq.spi.support;

import java.time.Duration;

/**
 * Durations as nanoseconds that can be added to a ticker, such as {@code System.nanoTime()}, without an overflow: "for ever" is a legal
 * deadline of the application, and {@link Duration#toNanos} throws for more than 292 years. Stateless.
 */
public final class Nanos {
    /** About 73 years: the longest wait. Sums of some of them, and differences of points in time, are exact. */
    public static final long MOST = Long.MAX_VALUE / 4;

    private static final Duration LONGEST = Duration.ofNanos(MOST);

    private Nanos() {}

    /** Its nanoseconds, between 0 and {@link #MOST}. */
    public static long of(Duration time) {
        if (time.isNegative()) {
            return 0;
        }
        return time.compareTo(LONGEST) < 0 ? time.toNanos() : MOST;
    }

    /** Both one after the other. */
    public static Duration sum(Duration one, Duration other) {
        return Duration.ofNanos(of(one) + of(other));
    }
}
