package io.oncemq.rocket;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The sends of one session to one broker that have no answer yet: a bound of them, so that a broker that stands still takes neither room
 * nor time from the others, and whether it looks as if it took anything at all. Thread-safe.
 */
final class BrokerWindow {
    /** Sends without an outcome. */
    static final int SIZE = 2_000;

    /** Without an answer for so long, while something waits for one, it is taken to stand still. */
    private static final long STILL_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** For so long a failure counts. */
    private static final long TROUBLE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final LongSupplier ticker;
    private final Semaphore room = new Semaphore(SIZE);
    private volatile long silentSince;
    private volatile long troubledAt;
    private volatile boolean troubled;

    BrokerWindow(LongSupplier ticker) {
        this.ticker = ticker;
        this.silentSince = ticker.getAsLong();
    }

    /** Takes room for one, if there is some. */
    boolean enter() {
        if (room.availablePermits() == SIZE) {
            silentSince = ticker.getAsLong();
        }
        return room.tryAcquire();
    }

    boolean isFull() {
        return room.availablePermits() == 0;
    }

    /** One has its outcome. @param answered whether it is one of the broker's */
    void leave(boolean answered) {
        long now = ticker.getAsLong();
        silentSince = now;
        troubledAt = now;
        troubled = !answered;
        room.release();
    }

    /** Nothing can be sent at all. @return whether it is some time since that was said, so that it is worth asking where the broker is */
    boolean unreachable() {
        long now = ticker.getAsLong();
        boolean isNews = !troubled || now - troubledAt > ASK_NANOS;
        if (isNews) {
            troubledAt = now;
            troubled = true;
        }
        return isNews;
    }

    /** Whether messages that may go elsewhere had better do so. */
    boolean isTroubled() {
        long now = ticker.getAsLong();
        return troubled && now - troubledAt < TROUBLE_NANOS
                || room.availablePermits() < SIZE && now - silentSince > STILL_NANOS;
    }

    /** Waits until nothing is on its way. @return whether that came about */
    boolean awaitEmpty(long nanos) throws InterruptedException {
        if (!room.tryAcquire(SIZE, nanos, TimeUnit.NANOSECONDS)) {
            return false;
        }
        room.release(SIZE);
        return true;
    }
}
