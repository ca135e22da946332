package io.oncemq.rabbit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Lets one thread wait for work of others without missing any. */
final class Wake implements Runnable {
    private final AtomicBoolean raised = new AtomicBoolean();
    private volatile @Nullable Thread waiting;

    /** There is something to do. Thread-safe. */
    @Override
    public void run() {
        if (!raised.getAndSet(true)) {
            LockSupport.unpark(waiting);
        }
    }

    /** Called before the work is looked at: what comes after that is not missed. */
    void clear() {
        waiting = Thread.currentThread();
        raised.set(false);
    }

    /** Returns when there is something to do, or after the time. */
    void await(Duration most) {
        if (!raised.get()) {
            LockSupport.parkNanos(this, most.toNanos());
        }
    }
}
