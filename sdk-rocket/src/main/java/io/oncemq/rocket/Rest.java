package io.oncemq.rocket;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How long a source's thread waits for its next note: a moment, or longer while it has nothing to look after. Belongs to that thread but for {@link #isLong}. */
final class Rest {
    static final long TURN_MILLIS = 100;
    private static final long MOST_MILLIS = 1_000;

    private volatile boolean lasting;

    /** @param nanos until something is due; what changes it on another thread from now on finds {@link #isLong} */
    long millis(LongSupplier nanos) {
        lasting = true;
        long millis = Math.max(TURN_MILLIS, Math.min(MOST_MILLIS, TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong())));
        lasting = millis > TURN_MILLIS;
        return millis;
    }

    /** Whether the thread must be woken for what it should see soon. Thread-safe. */
    boolean isLong() {
        return lasting;
    }

    void over() {
        lasting = false;
    }
}
