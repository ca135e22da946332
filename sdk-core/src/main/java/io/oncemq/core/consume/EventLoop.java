package io.oncemq.core.consume;

import io.oncemq.core.Uninterrupted;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that owns all state of a subscription: it runs posted tasks in their order, then due timers, then one turn's end
 * where everything gathered is handed on in batches.
 */
final class EventLoop implements Runnable {
    /** What happens at the end of each turn. */
    interface Turn {
        /** Hands on what has gathered; returns when it wants to be called again at the latest. */
        long endOfTurn(long now);
    }

    private record Timer(long at, long number, Runnable task) {}

    private static final int TASKS_PER_TURN = 2048;

    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private final LongSupplier ticker;
    private final Turn turn;
    private final Consumer<Throwable> onCrash;
    private final Thread thread;
    private volatile boolean sleeping;
    private volatile boolean stopped;
    private long timerNumber;

    EventLoop(String name, LongSupplier ticker, Turn turn, Consumer<Throwable> onCrash) {
        this.ticker = ticker;
        this.turn = turn;
        this.onCrash = onCrash;
        this.thread = new Thread(this, name);
    }

    void start(boolean daemon) {
        thread.setDaemon(daemon);
        thread.start();
    }

    /** From any thread. After the loop has stopped tasks are dropped. */
    void post(Runnable task) {
        inbox.add(task);
        if (sleeping) {
            LockSupport.unpark(thread);
        }
    }

    /** On the loop only. */
    void at(long nanos, Runnable task) {
        timers.add(new Timer(nanos, timerNumber++, task));
    }

    long now() {
        return ticker.getAsLong();
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    boolean isRunning() {
        return !stopped;
    }

    /** Ends it behind the task that runs, and waits for that, at most for so long. */
    void close(Duration patience) {
        stop();
        Uninterrupted.join(thread, patience);
    }

    /** Whether the calling thread is the loop's. */
    boolean isThread() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                sleepUntil(turn());
            }
        } catch (Throwable e) {
            stopped = true;
            onCrash.accept(e);
        }
    }

    /** One turn; only the loop's own thread, or a test that takes its place, may take it. */
    long turn() {
        runTasks();
        runTimers();
        return turn.endOfTurn(now());
    }

    /** When the next timer is due, or null; for the caller of {@link #turn}. */
    @Nullable
    Long nextTimer() {
        Timer next = timers.peek();
        return next == null ? null : next.at;
    }

    private void runTasks() {
        for (int i = 0; i < TASKS_PER_TURN; i++) {
            Runnable task = inbox.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    private void runTimers() {
        long now = now();
        while (!timers.isEmpty() && timers.peek().at - now <= 0) {
            timers.remove().task.run();
        }
    }

    private void sleepUntil(long wanted) {
        if (!inbox.isEmpty() || stopped) {
            return;
        }
        long now = now();
        long until = wanted;
        if (!timers.isEmpty() && timers.peek().at - until < 0) {
            until = timers.peek().at;
        }
        long nanos = until - now;
        if (nanos <= 0) {
            return;
        }
        sleeping = true;
        if (inbox.isEmpty() && !stopped) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeping = false;
        // Nobody interrupts this thread; a flag that a listener has left would keep it from ever sleeping again.
        Thread.interrupted();
    }
}
