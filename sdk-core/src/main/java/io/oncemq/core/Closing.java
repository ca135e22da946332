package io.oncemq.core;

import io.oncemq.spi.support.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of something, as named steps in a fixed order: of a client, a subscription, the pipeline of publishes, a source. Every step runs,
 * whatever an earlier one threw. It happens once, however often and from wherever it is requested.
 *
 * <p>{@link #close} and {@link #start} keep one deadline for all steps ({@link CloseSchedule}): a step that hangs is left behind on its
 * daemon thread, which is logged with its name, and the next one begins. So the caller returns, and the process can end, at most {@link
 * CloseSchedule#GRACE} after the deadline. {@link #closeHere} runs the steps on the calling thread and cannot leave one behind.
 *
 * <p>An interrupt never cuts it short: {@link #close} runs the steps on a thread of its own, which is never interrupted, and its caller
 * waits for their end and keeps its flag. {@link #closeHere} clears the flag for the steps and sets it again. Thread-safe.
 */
public final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** One step. */
    @FunctionalInterface
    public interface Step {
        /** @param left for the step; zero if its time has passed */
        void run(Duration left) throws Exception;
    }

    private record Named(String name, Step step) {}

    private final String what;
    private final List<Named> steps = new ArrayList<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable CloseSchedule schedule;

    /** @param what ends, as logs and threads name it */
    public Closing(String what) {
        this.what = what;
    }

    /** Adds the next step. Only before it begins. */
    public Closing step(String name, Step step) {
        steps.add(new Named(name, step));
        return this;
    }

    /** Begins unless it has begun; does not wait. If it has begun, an earlier deadline takes the place of the first one. */
    public void start(Duration deadline) {
        keepTo(CloseSchedule.from(System.nanoTime(), deadline, steps.size()));
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        Thread thread = new Thread(this::keep, "oncemq-closing-" + what);
        // The process must not end before what is open has been settled, from wherever this was started.
        thread.setDaemon(false);
        if (Contained.run(thread::start) != null) {
            // There is no room for another thread: better here than never.
            runKeepingFlag(System.nanoTime() + Nanos.of(deadline));
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

    private synchronized void keepTo(CloseSchedule next) {
        CloseSchedule current = schedule;
        if (current == null || next.endsBefore(current)) {
            schedule = next;
        }
    }

    private CloseSchedule schedule() {
        return Objects.requireNonNull(schedule, "a close that has begun has a schedule");
    }

    private void await() {
        while (!Uninterrupted.await(over, Duration.ofDays(1))) {
            LOG.warn("closing takes long: what={}", what);
        }
    }

    /** Leads the steps, none of which it runs itself. */
    private void keep() {
        try {
            int next = 0;
            while (next < steps.size()) {
                next = runFrom(next);
            }
        } finally {
            over.countDown();
        }
    }

    /** Runs the steps from this one on, up to the first that hangs. @return the step after the last one that ran */
    private int runFrom(int first) {
        Run run = new Run(first);
        Thread thread = new Thread(run, "oncemq-close-" + what);
        thread.setDaemon(true);
        if (Contained.run(thread::start) != null) {
            run.run();
        }
        for (int index = first; index < steps.size(); index++) {
            if (!hasEnded(run, index)) {
                String step = steps.get(index).name;
                Contained.run(
                        () -> LOG.warn("closing leaves behind a step that does not end: what={} step={}", what, step));
                return index + 1;
            }
        }
        return steps.size();
    }

    /** Blocks until the step has ended, or its time is over. The time is looked at again and again, since it may become less. */
    private boolean hasEnded(Run run, int index) {
        Duration most = LOOK;
        while (!most.isZero()) {
            Duration abandonedIn = schedule().abandonedIn(index, System.nanoTime());
            most = abandonedIn.compareTo(LOOK) < 0 ? abandonedIn : LOOK;
            if (Uninterrupted.await(run.ended(index), most)) {
                return true;
            }
        }
        return !run.leave(index);
    }

    /** The steps from one on, on a thread that ends early if it is left behind. */
    private final class Run implements Runnable {
        private final int first;
        private final List<CountDownLatch> ends = new ArrayList<>();
        private boolean left;

        Run(int first) {
            this.first = first;
            for (int index = first; index < steps.size(); index++) {
                ends.add(new CountDownLatch(1));
            }
        }

        CountDownLatch ended(int index) {
            return ends.get(index - first);
        }

        /** No further step is begun here. @return false if the step has just ended */
        synchronized boolean leave(int index) {
            left = ended(index).getCount() > 0;
            return left;
        }

        private synchronized boolean continues(int index) {
            ended(index).countDown();
            return !left;
        }

        @Override
        public void run() {
            int index = first;
            do {
                runStep(steps.get(index), schedule().left(index, System.nanoTime()));
            } while (continues(index) && ++index < steps.size());
        }
    }

    private void runKeepingFlag(long until) {
        boolean interrupted = Thread.interrupted();
        try {
            steps.forEach(each -> runStep(each, Duration.ofNanos(Math.max(0, until - System.nanoTime()))));
        } finally {
            over.countDown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void runStep(Named each, Duration left) {
        Contained.run("closing continues after a failure:", what + " step=" + each.name, () -> each.step.run(left));
        Thread.interrupted();
    }
}
