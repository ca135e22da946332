package io.oncemq.core.consume;

import io.oncemq.AsyncMessageHandler;
import io.oncemq.Backlog;
import io.oncemq.Codec;
import io.oncemq.MessageHandler;
import io.oncemq.MessagingEvent.ReplayEnded;
import io.oncemq.MessagingEvent.SubscriptionFailed;
import io.oncemq.MessagingEvent.SubscriptionRestarted;
import io.oncemq.Replay;
import io.oncemq.Subscription;
import io.oncemq.core.Uninterrupted;
import io.oncemq.spi.support.Nanos;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a subscription through its life. The parts that do the work belong to a {@link SubscriptionRun}; one that has failed is replaced by
 * another when the subscription is started again. Whatever is late of an earlier run is not listened to.
 */
public final class EngineSubscription implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSubscription.class);

    private static final Duration DEFAULT_CLOSE = Duration.ofSeconds(30);

    /** Makes the parts of one run. */
    private interface Runs {
        SubscriptionRun next(SubscriptionRun.Ends ends, Runnable afterwards);
    }

    private final EngineContext context;
    private final SubscriptionSpec spec;
    private final Runs runs;
    private final Object restarting = new Object();
    /** As the thread that started it first; one that starts it again may be another kind. */
    private final boolean daemon = Thread.currentThread().isDaemon();

    // Written under the monitor of this.
    private volatile State stateNow = State.RUNNING;
    private volatile @Nullable Throwable failure;
    private volatile CountDownLatch terminated = new CountDownLatch(1);
    private volatile SubscriptionRun run;
    private int runNumber = 1;
    private State endState = State.CLOSED;
    private boolean unwanted;

    private <T> EngineSubscription(
            EngineContext context,
            SubscriptionSpec spec,
            Codec<T> codec,
            @Nullable MessageHandler<T> handler,
            @Nullable AsyncMessageHandler<T> asyncHandler) {
        this.context = context;
        this.spec = spec;
        this.runs = (ends, afterwards) ->
                new SubscriptionRun(context, spec, codec, handler, asyncHandler, ends, afterwards);
        this.run = runs.next(new EndsOf(1), this::ended);
    }

    static <T> EngineSubscription start(
            EngineContext context,
            SubscriptionSpec spec,
            Codec<T> codec,
            @Nullable MessageHandler<T> handler,
            @Nullable AsyncMessageHandler<T> asyncHandler) {
        EngineSubscription subscription = new EngineSubscription(context, spec, codec, handler, asyncHandler);
        subscription.begin(subscription.run, 1);
        return subscription;
    }

    /** If it cannot begin, its threads end and the caller hears why. */
    private void begin(SubscriptionRun begun, int number) {
        try {
            begun.startLoops(daemon);
            context.observers().subscribed(spec.reader(), spec.configuredGroup(), this);
            if (number > 1) {
                context.events().emit(new SubscriptionRestarted(spec.destination(), spec.reader()));
            }
            begun.startSource();
        } catch (Throwable e) {
            fail(number, e);
            throw e;
        }
    }

    @Override
    public String destination() {
        return spec.destination();
    }

    @Override
    public String group() {
        return spec.group();
    }

    @Override
    public State state() {
        return stateNow;
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public int inFlight() {
        return run.inFlight();
    }

    @Override
    public int lanes() {
        return run.lanes();
    }

    @Override
    public List<Backlog> backlog() {
        context.requireOpen().run();
        return context.transport().backlog(spec.destination(), spec.reader());
    }

    /** State and workers change together: of two threads the later one decides about both. */
    @Override
    public synchronized void pause() {
        if (move(State.PAUSED, State.RUNNING)) {
            run.pause(true);
            LOG.info("a subscription is paused in this process: destination={} group={}", destination(), group());
        }
    }

    @Override
    public synchronized void resume() {
        if (move(State.RUNNING, State.PAUSED)) {
            run.pause(false);
            LOG.info("a subscription is resumed in this process: destination={} group={}", destination(), group());
        }
    }

    @Override
    public void awaitTermination() throws InterruptedException {
        terminated.await();
    }

    @Override
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        return terminated.await(Nanos.of(timeout), TimeUnit.NANOSECONDS);
    }

    @Override
    public void restart() {
        synchronized (restarting) {
            context.requireOpen().run();
            int number;
            synchronized (this) {
                if (stateNow != State.FAILED || unwanted) {
                    throw new IllegalStateException("restarting " + spec.destination() + " for " + spec.reader()
                            + ": the state is " + stateNow + (unwanted ? " and it was closed" : "")
                            + ". Restart a subscription whose state is FAILED, and that was not closed.");
                }
                number = runNumber + 1;
            }
            SubscriptionRun next = runs.next(new EndsOf(number), this::ended);
            synchronized (this) {
                runNumber = number;
                run = next;
                terminated = new CountDownLatch(1);
                failure = null;
                stateNow = State.RUNNING;
            }
            begin(next, number);
            closeIfUnwanted();
        }
    }

    /** It was closed while it was being started again. */
    private void closeIfUnwanted() {
        boolean close;
        synchronized (this) {
            close = unwanted;
        }
        if (close) {
            close();
        }
    }

    @Override
    public void close() {
        close(DEFAULT_CLOSE);
    }

    @Override
    public void close(Duration deadline) {
        boolean begins;
        boolean failed;
        SubscriptionRun last;
        synchronized (this) {
            begins = move(State.CLOSING, State.RUNNING, State.PAUSED);
            failed = move(State.CLOSED, State.FAILED);
            unwanted = true;
            last = run;
        }
        if (begins) {
            last.close(deadline);
        } else if (failed) {
            context.closed().accept(this);
        } else if (!last.isOwnThread()) {
            Uninterrupted.await(terminated, deadline);
        }
    }

    /** Begins to close without waiting. A close that has begun keeps the earlier one of the two deadlines. */
    public void closeLater(Duration deadline) {
        boolean failed;
        SubscriptionRun last;
        synchronized (this) {
            unwanted = true;
            move(State.CLOSING, State.RUNNING, State.PAUSED);
            failed = move(State.CLOSED, State.FAILED);
            last = run;
        }
        if (failed) {
            context.closed().accept(this);
        } else {
            last.closeLater(deadline);
        }
    }

    /** Waits for the end of what was closed; of one that has failed there is nothing to wait for. */
    public void awaitEnd() {
        Uninterrupted.await(terminated, Duration.ofDays(1));
    }

    /** Whether the calling thread is one that a close would wait for. */
    public boolean isOwnThread() {
        return run.isOwnThread();
    }

    /** By itself, and without waiting: the caller may be a thread that the close has to wait for. */
    private boolean endByItself(int number, State end, @Nullable Throwable cause) {
        synchronized (this) {
            if (number != runNumber || !move(State.CLOSING, State.RUNNING, State.PAUSED)) {
                return false;
            }
            endState = end;
            failure = cause;
            return true;
        }
    }

    private void fail(int number, Throwable cause) {
        if (endByItself(number, State.FAILED, cause)) {
            context.events().emit(new SubscriptionFailed(spec.destination(), spec.reader(), cause));
            run.closeLater(DEFAULT_CLOSE);
        }
    }

    /** The last step of a run's end. */
    private void ended() {
        boolean gone;
        synchronized (this) {
            stateNow = unwanted ? State.CLOSED : endState;
            gone = stateNow == State.CLOSED;
            terminated.countDown();
        }
        if (gone) {
            context.closed().accept(this);
        }
    }

    /** The one place where the state changes, but for the end and a restart. */
    private synchronized boolean move(State to, State... from) {
        if (!List.of(from).contains(stateNow)) {
            return false;
        }
        stateNow = to;
        return true;
    }

    private final class EndsOf implements SubscriptionRun.Ends {
        private final int number;

        EndsOf(int number) {
            this.number = number;
        }

        @Override
        public void ended() {
            Replay replay = spec.replay();
            if (replay != null && endByItself(number, State.CLOSED, null)) {
                context.events().emit(new ReplayEnded(spec.destination(), spec.reader(), replay));
                run.closeLater(DEFAULT_CLOSE);
            }
        }

        @Override
        public void failed(Throwable cause) {
            fail(number, cause);
        }
    }
}
