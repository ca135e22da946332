package io.oncemq.torture;

import java.time.Duration;

/** For how long a number has stayed what it is. For one thread. */
final class Stillness {
    private final Duration limit;
    private long value = Long.MIN_VALUE;
    private long sinceNanos;

    Stillness(Duration limit) {
        this.limit = limit;
    }

    /** Whether it has been this one for longer than the limit. */
    boolean lasts(long now) {
        if (now != value) {
            value = now;
            sinceNanos = System.nanoTime();
        }
        return System.nanoTime() - sinceNanos > limit.toNanos();
    }
}
