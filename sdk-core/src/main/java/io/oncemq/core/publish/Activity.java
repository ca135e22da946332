package io.oncemq.core.publish;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Whether the sender has open messages. One thread may sleep until it has some. Written by the sender, read by any thread. */
final class Activity {
    private volatile boolean goesOn;
    private volatile @Nullable Thread sleeper;

    /** Wakes the sleeper when it begins. */
    void goesOn(boolean now) {
        if (goesOn == now) {
            return;
        }
        goesOn = now;
        Thread thread = sleeper;
        if (now && thread != null) {
            LockSupport.unpark(thread);
        }
    }

    boolean goesOn() {
        return goesOn;
    }

    /** Sleeps until it begins, at the longest for so long; not at all if it goes on. */
    void sleep(long nanos) {
        sleeper = Thread.currentThread();
        if (!goesOn) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeper = null;
    }
}
