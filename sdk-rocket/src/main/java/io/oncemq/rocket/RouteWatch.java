package io.oncemq.rocket;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** The thread of a transport that has publish sessions look at how many queues there are: often where keys wait for that, else at times. Thread-safe. */
final class RouteWatch implements AutoCloseable {
    private static final long ROUND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int ROUNDS = 5;

    /** Does not block. */
    interface Watched {
        void watch(boolean refusedOnly);
    }

    private final Watched watched;
    private final Thread thread;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean closed;

    RouteWatch(String clientId, Watched watched) {
        this.watched = watched;
        this.thread = new Thread(this::run, "oncemq-rocket-watch-" + clientId);
        thread.setDaemon(true);
    }

    /** Does nothing the second time. */
    void start() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    private void run() {
        for (int round = 1; !closed; round++) {
            LockSupport.parkNanos(this, ROUND_NANOS);
            if (!closed) {
                watched.watch(round % ROUNDS != 0);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
