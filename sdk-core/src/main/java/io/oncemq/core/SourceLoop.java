package io.oncemq.core;

import io.oncemq.spi.MessageSource;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The life of a {@link MessageSource} that is woken when there is something to do. It starts at most once, takes turns until it is closed or
 * its work fails for good, and then ends the work once. Its turns come one at a time, on threads that the sources of a
 * transport share: a source that has work has a thread for itself, and one that rests has none ({@link EventLoop}). Thread-safe.
 */
public final class SourceLoop {
    /** What an adapter does for its source. One call at a time, unless stated otherwise. */
    public interface Work {
        /**
         * Does what there is to do, and does not wait for more. Whatever it throws ends the source.
         *
         * @return for how many nanoseconds nothing is due, unless {@link SourceLoop#wake} says so; 0 if there is more to do
         */
        long turn() throws Exception;

        /** Receives what ended the source; there are no more turns. */
        void failed(Throwable error);

        /**
         * Gives back what is owned. Called once. For a source that was never started it is called on the thread that closes it.
         *
         * @param deadline the time that is left for it
         */
        void end(Duration deadline);

        /** {@link #end} has outlived its deadline: breaks what it may be waiting for. On the thread that closes. */
        default void cut() {}
    }

    private final String name;
    private final Work work;
    private final EventLoop loop;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean raised = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Duration deadline = SourceEnd.GRACE;
    private volatile boolean closing;

    /** Not started yet. @param name of the threads while they are this source's */
    public SourceLoop(String name, Work work, LoopThreads threads) {
        this.name = name;
        this.work = work;
        this.loop = new EventLoop(name, System::nanoTime, this::turn, this::crashed, threads);
    }

    public String name() {
        return name;
    }

    public boolean isClosing() {
        return closing;
    }

    /** Does nothing the second time, and after {@link #close}. */
    public void start() {
        if (!closing && started.compareAndSet(false, true)) {
            loop.start();
        }
    }

    /** There is something to do: a turn begins after this call, at once or when the current one is over. On any thread; does not block. */
    public void wake() {
        if (!raised.getAndSet(true)) {
            loop.post(() -> raised.set(false));
        }
    }

    /**
     * Ends the turns, then the work. Blocks until that is over, for the deadline and 4 seconds at most; called by the work
     * itself it returns at once. An interrupt does not end the wait, and is kept.
     */
    public void close(Duration within) {
        deadline = within;
        closing = true;
        if (started.compareAndSet(false, true)) {
            loop.stop();
            work.end(within);
            over.countDown();
            return;
        }
        wake();
        if (!loop.isThread()) {
            SourceEnd.await(name, within, most -> Uninterrupted.await(over, most), work::cut);
        }
    }

    private long turn(long now) {
        long[] rest = new long[1];
        // A listener may have left an interrupt; the waits of the next turn, or of a drain, would end at once.
        Thread.interrupted();
        Throwable thrown = closing ? null : Contained.run(() -> rest[0] = work.turn());
        if (thrown == null && !closing) {
            return loop.now() + Math.max(0, rest[0]);
        }
        if (thrown != null) {
            SourceEnd.tell(name, thrown, () -> work.failed(thrown));
        }
        end();
        return now;
    }

    /** Of the loop itself: whatever the work throws is caught before. */
    private void crashed(Throwable error) {
        SourceEnd.tell(name, error, () -> work.failed(error));
        end();
    }

    private void end() {
        if (over.getCount() == 0) {
            return;
        }
        closing = true;
        Thread.interrupted();
        Contained.run("a source cannot end:", name, () -> work.end(deadline));
        loop.stop();
        over.countDown();
    }
}
