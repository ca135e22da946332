package io.oncemq.torture;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Lets every wait of a run end at once when the run is broken off. Thread-safe. */
final class Stop {
    private static final Duration POLL = Duration.ofMillis(20);

    private final CountDownLatch requested = new CountDownLatch(1);

    void request() {
        requested.countDown();
    }

    boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** @throws StoppedException if the run was broken off before the time was over */
    void pause(Duration duration) {
        try {
            if (requested.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StoppedException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    /**
     * Waits until the condition holds; whether it did in time.
     *
     * @throws StoppedException if the run was broken off
     */
    boolean await(Duration patience, BooleanSupplier condition) {
        return await(patience, POLL, condition);
    }

    /** The same for a condition that costs something to look at. */
    boolean await(Duration patience, Duration poll, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            pause(poll);
        }
        return true;
    }

    /** The run was broken off, by Ctrl-C for example. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("broken off");
        }
    }
}
