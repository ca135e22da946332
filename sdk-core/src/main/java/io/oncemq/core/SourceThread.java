package io.oncemq.core;

import io.oncemq.spi.MessageSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread of a {@link MessageSource}: started at most once, turning until it is told to close or its work fails for good, and ending the
 * work once whatever happened, on itself if it ever ran. Thread-safe.
 */
public final class SourceThread {
    /** What an adapter does for its source. Called on the source's thread, where nothing else is said. */
    public interface Work {
        /** Before the first turn. Whatever it throws ends the source, as of {@link #turn}. */
        default void begin() throws Exception {}

        /** One look at what is to be done. Waits a moment if there is nothing. Whatever it throws ends the source. */
        void turn() throws Exception;

        /** Told what ended the source; there are no more turns. */
        void failed(Throwable error);

        /**
         * Gives back what is owned. Called once, also for a source that was never started, then on the thread that closes it.
         *
         * @param deadline what there is left for it
         */
        void end(Duration deadline);

        /** Ends the wait of a turn, unless it is parked, which {@link #close} ends by itself. On any thread; does not block. */
        default void wake() {}

        /** {@link #end} has outlived its deadline: breaks what it may be waiting for. On the thread that closes. */
        default void cut() {}
    }

    private final Work work;
    private final Thread thread;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile Duration deadline = SourceEnd.GRACE;
    private volatile boolean closing;

    /** Not started yet. The thread does not keep the process alive. */
    public SourceThread(String name, Work work) {
        this.work = work;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    public String name() {
        return thread.getName();
    }

    public boolean isClosing() {
        return closing;
    }

    /** Does nothing the second time, and behind {@link #close}. */
    public void start() {
        if (!closing && started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    /**
     * Ends the turns, then the work. Blocks until that is over, for the deadline and 4 seconds at most; called by the work
     * itself it returns at once. An interrupt does not end the wait, and is kept.
     */
    public void close(Duration within) {
        deadline = within;
        closing = true;
        LockSupport.unpark(thread);
        Contained.run("a source cannot be woken:", name(), work::wake);
        if (started.compareAndSet(false, true)) {
            work.end(within);
        } else if (Thread.currentThread() != thread) {
            SourceEnd.await(name(), within, most -> Uninterrupted.join(thread, most), work::cut);
        }
    }

    private void run() {
        Throwable thrown = Contained.run(this::turns);
        if (thrown != null) {
            SourceEnd.tell(name(), thrown, () -> work.failed(thrown));
        }
        closing = true;
        // A listener may have left it in the last turn; the waits of a drain would end at once.
        Thread.interrupted();
        Contained.run("a source cannot end:", name(), () -> work.end(deadline));
    }

    /** Each turn begins without an interrupt that a listener has left behind. */
    private void turns() throws Exception {
        work.begin();
        while (!closing) {
            Thread.interrupted();
            work.turn();
        }
    }
}
