package io.oncemq.torture;

import java.time.Duration;

/** For how long something has stayed what it is. For one thread. */
final class Stillness {
    private final Duration limit;
    private Object value = "nothing yet";
    private long sinceNanos;

    Stillness(Duration limit) {
        this.limit = limit;
    }

    /** Whether it has been this one for longer than the limit. */
    boolean lasts(Object now) {
        if (!now.equals(value)) {
            value = now;
            sinceNanos = System.nanoTime();
        }
        return System.nanoTime() - sinceNanos > limit.toNanos();
    }
}
