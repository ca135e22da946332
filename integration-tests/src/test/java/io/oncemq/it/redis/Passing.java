package io.oncemq.it.redis;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets the server's time pass. */
final class Passing {
    private Passing() {}

    static void of(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
