package io.oncemq.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a state that nobody announces. */
final class Waiting {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long PAUSE_NANOS = 500_000;

    private Waiting() {}

    /**
     * @throws IllegalStateException after ten minutes, naming what was waited for
     */
    static void until(String what, BooleanSupplier reached) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("gave up waiting for " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Parks the thread for that long, at the least. */
    static void park(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
