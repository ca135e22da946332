package io.oncemq.core;

import io.oncemq.spi.support.Nanos;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits that an interrupt does not end: the flag is set again afterwards. Stateless. */
public final class Uninterrupted {
    private Uninterrupted() {}

    /** Waits for the latch, at most for so long. @return whether it has opened */
    public static boolean await(CountDownLatch latch, Duration most) {
        return until(most, nanos -> latch.await(nanos, TimeUnit.NANOSECONDS));
    }

    /** Waits for the end of the thread, at most for so long. @return whether it has ended */
    public static boolean join(Thread thread, Duration most) {
        return until(most, nanos -> {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, nanos));
            return !thread.isAlive();
        });
    }

    /** One wait of at most so long; whether what it waits for has happened. */
    @FunctionalInterface
    public interface Wait {
        boolean until(long nanos) throws InterruptedException;
    }

    /** Repeats the wait for what is left whenever it is interrupted. */
    public static boolean until(Duration most, Wait wait) {
        long end = System.nanoTime() + Nanos.of(most);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.until(Math.max(0, end - System.nanoTime()));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
