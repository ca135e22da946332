package io.oncemq.core;

import io.oncemq.spi.support.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of something, as named steps in a fixed order: of a client, a subscription, the pipeline of publishes, a source. Every step runs,
 * whatever an earlier one threw, and gets what is left until the deadline. It happens once, however often and from wherever it is requested.
 *
 * <p>An interrupt never cuts it short: {@link #close} runs the steps on a thread of its own, which is never interrupted, and its caller
 * waits for their end and keeps its flag. {@link #closeHere} clears the flag for the steps and sets it again. Thread-safe.
 */
public final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    /** One step. */
    @FunctionalInterface
    public interface Step {
        /** @param left until the deadline; zero if it has passed */
        void run(Duration left) throws Exception;
    }

    private record Named(String name, Step step) {}

    private final String what;
    private final List<Named> steps = new ArrayList<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile String current = "none";

    /** @param what ends, as logs and threads name it */
    public Closing(String what) {
        this.what = what;
    }

    /** Adds the next step. Only before it begins. */
    public Closing step(String name, Step step) {
        steps.add(new Named(name, step));
        return this;
    }

    /** Begins unless it has begun; does not wait. */
    public void start(Duration deadline) {
        long until = System.nanoTime() + Nanos.of(deadline);
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        Thread thread = new Thread(() -> run(until), "oncemq-close-" + what);
        // The process must not end before what is open has been settled, from wherever this was started.
        thread.setDaemon(false);
        if (Contained.run(thread::start) != null) {
            // There is no room for another thread: better here than never.
            runKeepingFlag(until);
        }
    }

    /** Begins unless it has begun, and waits for the end. */
    public void close(Duration deadline) {
        start(deadline);
        await();
    }

    /** On the calling thread, for steps that only wait a little; waits for the end if another thread has begun. */
    public void closeHere(Duration deadline) {
        long until = System.nanoTime() + Nanos.of(deadline);
        if (begun.compareAndSet(false, true)) {
            runKeepingFlag(until);
        } else {
            await();
        }
    }

    private void await() {
        while (!Uninterrupted.await(over, Duration.ofMinutes(1))) {
            LOG.warn("closing takes long: what={} step={}", what, current);
        }
    }

    private void runKeepingFlag(long until) {
        boolean interrupted = Thread.interrupted();
        try {
            run(until);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run(long until) {
        try {
            for (Named each : steps) {
                current = each.name;
                Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
                Contained.run(
                        "closing continues after a failure:", what + " step=" + each.name, () -> each.step.run(left));
                Thread.interrupted();
            }
        } finally {
            over.countDown();
        }
    }
}
