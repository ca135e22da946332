package io.oncemq.testkit.server;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits until servers agree. */
final class Eventually {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

    private Eventually() {}

    /**
     * A server that does not answer, or answers with an error, is asked again.
     *
     * @throws ServerException if it does not hold within three minutes
     */
    static void holds(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!held(condition)) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw new ServerException("waited in vain: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static boolean held(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (UncheckedIOException | ServerException notYet) {
            return false;
        }
    }
}
