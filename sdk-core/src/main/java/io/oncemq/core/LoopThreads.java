package io.oncemq.core;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that the loops of one client share. A loop that has work has a thread for itself, so that one which waits for its
 * store, or for a listener, holds up no other; a loop that rests has none. One further thread keeps the time for all of them and runs nothing
 * that could wait. Thread-safe.
 */
public final class LoopThreads {
    private static final Logger LOG = LoggerFactory.getLogger(LoopThreads.class);
    /** For so long a thread without work is kept for the next loop. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String clientId;
    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor timer;
    /** Those of the pool, and perhaps some that have ended. */
    private final Set<Thread> started = ConcurrentHashMap.newKeySet();

    private volatile boolean startFailed;
    private int runs;
    private @Nullable Thread keeper;

    public LoopThreads(String clientId) {
        this(clientId, named("oncemq-loops-" + clientId + "-"));
    }

    LoopThreads(String clientId, ThreadFactory factory) {
        this.clientId = clientId;
        this.pool = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                KEPT.toMillis(),
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                task -> remembered(factory.newThread(task)));
        this.timer = new ScheduledThreadPoolExecutor(1, named("oncemq-timer-" + clientId + "-"));
        timer.setRemoveOnCancelPolicy(true);
        // Later there may be no room for a thread, and this is the one that tries again then.
        timer.prestartCoreThread();
    }

    private @Nullable Thread remembered(@Nullable Thread thread) {
        started.removeIf(each -> !each.isAlive());
        if (thread != null) {
            started.add(thread);
        }
        return thread;
    }

    /** They take neither thread locals nor a class loader from the thread of some subscription that happens to need one. */
    private static ThreadFactory named(String prefix) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(null, task, prefix + number.incrementAndGet(), 0, false);
            thread.setContextClassLoader(loader);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Runs a loop on a thread that has its name meanwhile, and begins without an interrupt. Does not block and throws nothing: if no
     * thread can start, it is tried again shortly.
     */
    public void run(String name, Runnable loop) {
        execute(() -> named(name, loop));
    }

    private void execute(Runnable task) {
        try {
            pool.execute(task);
            startFailed = false;
        } catch (Throwable e) {
            if (!startFailed) {
                startFailed = true;
                Contained.run(() -> LOG.warn(
                        "a thread of the engine cannot start; retrying: client={}", clientId, LoggedFailure.of(e)));
            }
            later(AGAIN.toNanos(), () -> execute(task));
        }
    }

    private static void named(String name, Runnable loop) {
        Thread thread = Thread.currentThread();
        String before = thread.getName();
        thread.setName(name);
        Thread.interrupted();
        try {
            loop.run();
        } finally {
            Thread.interrupted();
            thread.setName(before);
        }
    }

    /**
     * Runs it once, after this time, on the thread of all timers.
     *
     * @param wake never blocks, and runs no code of the application
     * @return null after {@link #close}: it will not run
     */
    public @Nullable Future<?> later(long nanos, Runnable wake) {
        try {
            return timer.schedule(wake, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    /** Keeps the process alive, which these threads do not do, until {@link #endRun} was called as often. */
    public synchronized void beginRun() {
        if (keeper == null) {
            Thread thread = new Thread(this::keep, "oncemq-keep-" + clientId);
            thread.setDaemon(false);
            thread.start();
            keeper = thread;
        }
        runs++;
    }

    public synchronized void endRun() {
        runs--;
        if (runs == 0) {
            keeper = null;
            notifyAll();
        }
    }

    private synchronized void keep() {
        while (keeper == Thread.currentThread()) {
            try {
                wait();
            } catch (InterruptedException e) {
                // An interrupt has no meaning for this thread; catching it clears the flag.
            }
        }
    }

    /**
     * After the end of every loop. Waits for the end of the threads, at most for so long. A loop that comes late, of a subscription that began
     * meanwhile, still gets a thread, which ends with it.
     */
    public void close(Duration patience) {
        timer.shutdownNow();
        pool.setKeepAliveTime(0, TimeUnit.NANOSECONDS);
        long until = System.nanoTime() + patience.toNanos();
        while (pool.getPoolSize() > 0 && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        // The pool forgets a thread shortly before that one ends.
        started.forEach(thread -> Uninterrupted.join(thread, Duration.ofNanos(Math.max(0, until - System.nanoTime()))));
    }
}
