package io.oncemq.core.consume;

import io.oncemq.core.Contained;
import io.oncemq.core.LoggedFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounded pool that runs handlers. Threads come when work waits, up to the bound, and end when none has come for a while.
 *
 * <p>At most one sleeping worker is being woken at any time; one that finds work wakes the next if more is there. So quick
 * handlers are run by the few threads that are awake anyway, while slow ones bring up all of them, without a thundering herd
 * or a lock on the way of a message.
 */
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    /** For so long a thread without work is kept. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private final Queue<Work> queue = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Worker> idle = new ArrayDeque<>();
    private final List<Worker> all = new ArrayList<>();
    private final AtomicBoolean waking = new AtomicBoolean();
    private final int bound;
    private final ThreadFactory threads;
    private final Consumer<Work> handler;
    private final @Nullable Semaphore permits;
    private final long keptNanos;
    private volatile boolean anyToWake = true;
    private volatile boolean paused;
    private volatile boolean closed;
    private volatile boolean startFailed;

    /** @param permits taken for each work and given back by whoever ends it; null where a thread stands for a permit */
    Workers(int bound, ThreadFactory threads, Consumer<Work> handler, @Nullable Semaphore permits) {
        this(bound, threads, handler, permits, KEPT);
    }

    Workers(int bound, ThreadFactory threads, Consumer<Work> handler, @Nullable Semaphore permits, Duration kept) {
        this.bound = bound;
        this.threads = threads;
        this.handler = handler;
        this.permits = permits;
        this.keptNanos = kept.toNanos();
    }

    /** Queues a work; {@link #signal} must follow. */
    void submit(Work work) {
        queue.add(work);
    }

    /** Sees to it that somebody looks at the queue. @return whether that failed, so that it must be called again before long */
    boolean signal() {
        if (anyToWake && !paused && !queue.isEmpty()) {
            wakeOne();
        }
        return startFailed && !queue.isEmpty();
    }

    void pause(boolean on) {
        paused = on;
        signal();
    }

    /** Whether it is one of these threads. */
    boolean isWorker(Thread thread) {
        synchronized (idle) {
            return all.stream().anyMatch(worker -> worker.thread == thread);
        }
    }

    /** Ends the threads; handlers that still run are interrupted. */
    void close() {
        closed = true;
        synchronized (idle) {
            for (Worker worker : all) {
                worker.thread.interrupt();
                LockSupport.unpark(worker.thread);
            }
        }
    }

    private void wakeOne() {
        if (!waking.compareAndSet(false, true)) {
            return;
        }
        Worker worker;
        synchronized (idle) {
            worker = idle.poll();
            if (worker == null && all.size() < bound && !closed) {
                worker = new Worker();
                all.add(worker);
            }
            anyToWake = !idle.isEmpty() || all.size() < bound;
        }
        if (worker == null) {
            waking.set(false);
            return;
        }
        Throwable thrown = Contained.run(worker::wake);
        if (thrown == null) {
            startFailed = false;
        } else {
            gone(worker, thrown);
        }
    }

    /** The process has no room for another thread; those that are there go on, and another one is tried with the next signal. */
    private void gone(Worker worker, Throwable thrown) {
        synchronized (idle) {
            all.remove(worker);
            anyToWake = true;
        }
        if (!startFailed) {
            startFailed = true;
            Contained.run(() -> LOG.warn("a worker thread cannot start; retrying", LoggedFailure.of(thrown)));
        }
        waking.set(false);
    }

    private final class Worker implements Runnable {
        final Thread thread = threads.newThread(this);
        private volatile boolean parked;
        private boolean woken = true;
        private boolean begun;
        private boolean dismissed;

        void wake() {
            if (begun) {
                parked = false;
                LockSupport.unpark(thread);
            } else {
                begun = true;
                thread.start();
            }
        }

        @Override
        public void run() {
            while (!closed && !dismissed) {
                if (permits != null && !acquire(permits)) {
                    continue;
                }
                Work work = take();
                if (work != null) {
                    handle(work);
                } else if (permits != null) {
                    permits.release();
                }
            }
        }

        /** Begins without an interrupt that an earlier handler has left behind. */
        private void handle(Work work) {
            Thread.interrupted();
            if (closed) {
                thread.interrupt();
            }
            Contained.run("a worker cannot end its work:", thread.getName(), () -> handler.accept(work));
        }

        private boolean acquire(Semaphore semaphore) {
            if (semaphore.tryAcquire()) {
                return true;
            }
            foundNothing();
            try {
                semaphore.acquire();
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        }

        private @Nullable Work take() {
            while (!closed && !dismissed) {
                Work work = paused ? null : queue.poll();
                if (work != null) {
                    foundWork();
                    return work;
                }
                foundNothing();
                sleep();
            }
            return null;
        }

        private void foundWork() {
            if (woken) {
                woken = false;
                waking.set(false);
            }
            if (anyToWake && !queue.isEmpty()) {
                wakeOne();
            }
        }

        private void foundNothing() {
            if (woken) {
                woken = false;
                waking.set(false);
            }
        }

        private void sleep() {
            parked = true;
            synchronized (idle) {
                idle.push(this);
                anyToWake = true;
            }
            if (!paused && !queue.isEmpty() && withdraw()) {
                parked = false;
                return;
            }
            long until = System.nanoTime() + keptNanos;
            while (parked && !closed && !dismissed) {
                LockSupport.parkNanos(this, until - System.nanoTime());
                Thread.interrupted();
                dismissed = until - System.nanoTime() <= 0 && parked && leave();
            }
            woken = !parked;
        }

        /** Nothing has come for a while. @return false if somebody is about to wake it */
        private boolean leave() {
            synchronized (idle) {
                return idle.remove(this) && all.remove(this);
            }
        }

        /** Takes this worker back from the idle ones, unless somebody is about to wake it. */
        private boolean withdraw() {
            synchronized (idle) {
                return idle.remove(this);
            }
        }
    }
}
