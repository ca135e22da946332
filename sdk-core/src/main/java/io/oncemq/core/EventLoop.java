package io.oncemq.core;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns all state of a subscription, or of a source: it runs posted tasks in their order, then due timers, then one turn's end where
 * everything gathered is handed on in batches. One thread at a time does so, and each sees what the one before it has written.
 *
 * <p>It takes a thread when there is work, keeps it while more comes, sleeping between the turns, and gives it back when nothing has come for
 * a while. So a busy loop costs what a thread of its own would cost, and one that rests costs neither a thread nor a wake-up but for its next timer.
 */
public final class EventLoop {
    /** What happens at the end of each turn. */
    public interface Turn {
        /** Hands on what has gathered; returns when it wants to be called again at the latest. */
        long endOfTurn(long now);
    }

    /** NEW and ENDED have no thread and take none; RESTING takes one with the next task; of the others one thread is in charge. */
    private enum State {
        NEW,
        RESTING,
        AWAKE,
        SLEEPING,
        ENDED
    }

    private record Timer(long at, long number, Runnable task) {}

    /** How long a thread sleeps here before it is given back. */
    public static final long LINGER_NANOS = Duration.ofMillis(100).toNanos();

    private static final long NEVER_NANOS = Duration.ofDays(365).toNanos();
    private static final int TASKS_PER_TURN = 2048;
    private static final Runnable LOOK = () -> {};

    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private final String name;
    private final LongSupplier ticker;
    private final Turn turn;
    private final Consumer<Throwable> onCrash;
    private final LoopThreads threads;
    private final long linger;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread runner;
    private volatile boolean stopped;

    // Of the thread in charge; of the one that ends it while there is none.
    private long timerNumber;
    private @Nullable Future<?> alarm;

    public EventLoop(String name, LongSupplier ticker, Turn turn, Consumer<Throwable> onCrash, LoopThreads threads) {
        this(name, ticker, turn, onCrash, threads, LINGER_NANOS);
    }

    /** @param linger for how many nanoseconds it sleeps before it gives its thread back */
    public EventLoop(
            String name,
            LongSupplier ticker,
            Turn turn,
            Consumer<Throwable> onCrash,
            LoopThreads threads,
            long linger) {
        this.name = name;
        this.ticker = ticker;
        this.turn = turn;
        this.onCrash = onCrash;
        this.threads = threads;
        this.linger = linger;
    }

    public void start() {
        if (state.compareAndSet(State.NEW, State.AWAKE)) {
            threads.run(name, this::run);
        }
    }

    /** From any thread. Before the start tasks wait for it; after the loop has stopped they are dropped. */
    public void post(Runnable task) {
        inbox.add(task);
        wake();
    }

    /** To be called after each change of what the loop checks before it rests. */
    private void wake() {
        State now = state.get();
        while (now == State.SLEEPING || now == State.RESTING) {
            if (state.compareAndSet(now, State.AWAKE)) {
                if (now == State.SLEEPING) {
                    LockSupport.unpark(runner);
                } else {
                    threads.run(name, this::run);
                }
                return;
            }
            now = state.get();
        }
    }

    /** On the loop only. */
    public void at(long nanos, Runnable task) {
        timers.add(new Timer(nanos, timerNumber++, task));
    }

    public long now() {
        return ticker.getAsLong();
    }

    public void stop() {
        stopped = true;
        State now = state.get();
        while (now == State.NEW || now == State.RESTING) {
            if (state.compareAndSet(now, State.ENDED)) {
                cancelAlarm();
                ended.countDown();
            }
            now = state.get();
        }
        wake();
    }

    public boolean isRunning() {
        return !stopped;
    }

    /** Ends it after the task that runs. Blocks until then, at most for {@code patience}. */
    public void close(Duration patience) {
        stop();
        Uninterrupted.await(ended, patience);
    }

    /** Whether the calling thread is the loop's. */
    public boolean isThread() {
        return Thread.currentThread() == runner;
    }

    private void run() {
        takeOver();
        boolean resting = false;
        try {
            while (!stopped && !resting) {
                resting = rest(turn());
            }
        } catch (Throwable e) {
            stopped = true;
            onCrash.accept(e);
        } finally {
            if (!resting) {
                runner = null;
                state.set(State.ENDED);
                ended.countDown();
            }
        }
    }

    /** One turn; only the loop's own thread, or a test that takes its place, may take it. */
    public long turn() {
        runTasks();
        runTimers();
        return turn.endOfTurn(now());
    }

    /** When the next timer is due, or null; for the caller of {@link #turn}. */
    @Nullable
    public Long nextTimer() {
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

    /** Sleeps for a while if there is nothing to do. @return whether the thread is not this loop's any more */
    private boolean rest(long wanted) {
        if (hasMore()) {
            return false;
        }
        long now = now();
        Timer next = timers.peek();
        long until = next != null && next.at - wanted < 0 ? next.at : wanted;
        long left = until - now;
        if (left <= 0) {
            return false;
        }
        state.set(State.SLEEPING);
        if (!hasMore()) {
            LockSupport.parkNanos(this, Math.min(left, linger));
        }
        // This thread is never interrupted; a flag that a listener has left would keep it from ever sleeping again.
        Thread.interrupted();
        long slept = now() - now;
        if (slept >= linger && left - slept > linger && giveBack(left - slept)) {
            return true;
        }
        state.set(State.AWAKE);
        return false;
    }

    private boolean hasMore() {
        return !inbox.isEmpty() || stopped;
    }

    /** All that is this thread's is left before the state allows another one in. */
    private boolean giveBack(long alarmNanos) {
        runner = null;
        if (setAlarm(alarmNanos)
                && state.compareAndSet(State.SLEEPING, State.RESTING)
                && !(hasMore() && state.compareAndSet(State.RESTING, State.AWAKE))) {
            return true;
        }
        takeOver();
        return false;
    }

    /** @return false if nothing would wake this loop in time */
    private boolean setAlarm(long nanos) {
        if (nanos >= NEVER_NANOS) {
            return true;
        }
        alarm = threads.later(nanos, () -> post(LOOK));
        return alarm != null;
    }

    private void takeOver() {
        runner = Thread.currentThread();
        cancelAlarm();
    }

    private void cancelAlarm() {
        Future<?> set = alarm;
        if (set != null) {
            alarm = null;
            set.cancel(false);
        }
    }
}
