package io.oncemq.core.publish;

import java.util.concurrent.locks.LockSupport;

/**
 * How a consuming thread waits between batches. After a batch of some size it naps for a fixed short time and lets the next
 * gather: waking it for each message would cost the producers more than the message itself. After a small batch it sleeps until
 * it is woken, so that at low rates a message waits for nothing.
 */
final class Pace {
    /** From this batch size on, a nap. */
    static final int BUSY = 8;

    private static final long NAP_NANOS = 100_000;

    private Pace() {}

    static void nap(Object blocker) {
        LockSupport.parkNanos(blocker, NAP_NANOS);
    }
}
