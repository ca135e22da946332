package io.oncemq.core.consume;

import io.oncemq.AsyncMessageHandler;
import io.oncemq.Backlog;
import io.oncemq.Codec;
import io.oncemq.MessageHandler;
import io.oncemq.MessagingEvent.ReplayEnded;
import io.oncemq.MessagingEvent.StoreAvailable;
import io.oncemq.MessagingEvent.StoreDataLost;
import io.oncemq.MessagingEvent.StoreUnavailable;
import io.oncemq.MessagingEvent.SubscriptionFailed;
import io.oncemq.Replay;
import io.oncemq.Subscription;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.StoreAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Wires the parts of one subscription and leads it through its life. The state only moves forward: a closed subscription never
 * comes back.
 */
public final class EngineSubscription implements Subscription {
    private static final Duration DEFAULT_CLOSE = Duration.ofSeconds(30);
    private static final long STORE_GRACE_MILLIS = 2000;
    private static final int ASYNC_THREADS =
            2 * Math.max(2, Runtime.getRuntime().availableProcessors());

    private final EngineContext context;
    private final SubscriptionSpec spec;
    private final EventLoop loop;
    private final Workers workers;
    private final @Nullable ClaimStore claimStore;
    private final @Nullable StoreLoop storeLoop;
    private final InFlight inFlight;
    private final Claims claims;
    private final Handover handover;
    private final LaneEngine engine;
    private final Intake intake;
    private final MessageSource source;

    private volatile State stateNow = State.RUNNING;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch drained = new CountDownLatch(1);
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile boolean ending;
    private volatile int lanes;

    private <T> EngineSubscription(
            EngineContext context,
            SubscriptionSpec spec,
            Codec<T> codec,
            @Nullable MessageHandler<T> handler,
            @Nullable AsyncMessageHandler<T> asyncHandler) {
        this.context = context;
        this.spec = spec;
        String name = spec.destination() + "-" + spec.reader();
        this.loop = new EventLoop("oncemq-loop-" + name, context.ticker(), this::endOfTurn, this::fail);
        this.inFlight = new InFlight(spec.maxInFlight(), spec.maxInFlightBytes());
        IdempotencyStore store = context.store();
        this.claimStore = store == null ? null : store.group(spec.rememberedGroup(), spec.crashPolicy(), spec.lease());
        this.storeLoop = claimStore == null
                ? null
                : new StoreLoop("oncemq-store-" + name, claimStore, new StoreEvents(), context.ticker());
        this.claims = new Claims(storeLoop, spec, loop, context.events());
        Semaphore permits = asyncHandler == null ? null : new Semaphore(spec.concurrency());
        HandlerCall<T> call = new HandlerCall<>(codec, handler, asyncHandler, permits, spec, context, loop::post);
        this.workers = new Workers(
                permits == null ? spec.concurrency() : Math.min(spec.concurrency(), ASYNC_THREADS),
                WorkerThreads.named("oncemq-worker-" + name + "-", context.virtualThreads()),
                call,
                permits);
        List<String> prefixes = cloudEventsPrefixes(context.transport());
        DeadLetterStep deadLetters = new DeadLetterStep(
                spec,
                prefixes,
                context.deadLetterPublisher(),
                context.deadLetterAbandoned(),
                context.events(),
                context.clock());
        this.engine = new LaneEngine(spec, loop, workers, deadLetters, claims, inFlight, context.events());
        this.handover = new Handover(loop, engine, claims, inFlight, spec);
        engine.handover(handover);
        this.intake = new Intake(context, spec, prefixes, loop, engine, handover, inFlight, this::end, this::fail);
        this.source = context.transport()
                .openSource(
                        new SourceSpec(
                                spec.destination(),
                                spec.reader(),
                                spec.from(),
                                spec.onLost(),
                                spec.ordering(),
                                spec.maxInFlight(),
                                spec.maxInFlightBytes(),
                                spec.handlerTimeout(),
                                spec.drainTimeout(),
                                spec.replay() != null,
                                spec.broadcastOf(),
                                spec.filter()),
                        intake);
        intake.source(source);
    }

    static List<String> cloudEventsPrefixes(BrokerTransport transport) {
        List<String> prefixes = new ArrayList<>(List.of(transport.cloudEventsPrefix()));
        prefixes.addAll(transport.otherCloudEventsPrefixes());
        return List.copyOf(prefixes);
    }

    static <T> EngineSubscription start(
            EngineContext context,
            SubscriptionSpec spec,
            Codec<T> codec,
            @Nullable MessageHandler<T> handler,
            @Nullable AsyncMessageHandler<T> asyncHandler) {
        EngineSubscription subscription = new EngineSubscription(context, spec, codec, handler, asyncHandler);
        subscription.loop.start();
        if (subscription.storeLoop != null) {
            subscription.storeLoop.start();
        }
        context.observers().subscribed(spec.reader(), spec.configuredGroup(), subscription);
        subscription.source.start();
        return subscription;
    }

    private long endOfTurn(long now) {
        workers.signal();
        long renewAt = claims.flush(now);
        handover.endOfTurn(source);
        lanes = engine.lanes();
        if (ending && inFlight.count() == 0) {
            drained.countDown();
        }
        return renewAt;
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
        return Optional.ofNullable(failure.get());
    }

    @Override
    public int inFlight() {
        return inFlight.count();
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public List<Backlog> backlog() {
        return context.transport().backlog(spec.destination(), spec.reader());
    }

    @Override
    public void pause() {
        if (move(State.PAUSED, State.RUNNING)) {
            workers.pause(true);
        }
    }

    @Override
    public void resume() {
        if (move(State.RUNNING, State.PAUSED)) {
            workers.pause(false);
        }
    }

    @Override
    public void awaitTermination() throws InterruptedException {
        terminated.await();
    }

    @Override
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        return terminated.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        close(DEFAULT_CLOSE);
    }

    @Override
    public void close(Duration deadline) {
        if (move(State.CLOSING, State.RUNNING, State.PAUSED)) {
            shutDown(deadline, State.CLOSED);
        } else {
            awaitQuietly(deadline);
        }
    }

    /** A replay has come to its end. */
    private void end() {
        Replay replay = spec.replay();
        if (replay != null && move(State.CLOSING, State.RUNNING, State.PAUSED)) {
            context.events().emit(new ReplayEnded(spec.destination(), spec.reader(), replay));
            shutDownLater(State.CLOSED);
        }
    }

    private void fail(Throwable cause) {
        if (!move(State.CLOSING, State.RUNNING, State.PAUSED)) {
            return;
        }
        failure.set(cause);
        context.events().emit(new SubscriptionFailed(spec.destination(), spec.reader(), cause));
        shutDownLater(State.FAILED);
    }

    /** By itself, on a thread of its own: the caller may be one that the close has to wait for. */
    private void shutDownLater(State end) {
        new Thread(() -> shutDown(DEFAULT_CLOSE, end), "oncemq-end-" + spec.destination()).start();
    }

    private void shutDown(Duration deadline, State end) {
        long until = context.ticker().getAsLong() + deadline.toNanos();
        try {
            intake.close(until);
            source.close(deadline);
            settle(until);
        } finally {
            if (claimStore != null) {
                claimStore.close();
            }
            stateNow = end;
            terminated.countDown();
            context.closed().accept(this);
        }
    }

    /** Waits for handlers of shards that are gone, so that their effects are still marked, then ends the threads. */
    private void settle(long until) {
        ending = true;
        loop.post(() -> {});
        try {
            if (loop.isRunning()) {
                drained.await(Math.max(0, left(until)), TimeUnit.NANOSECONDS);
            }
            workers.close();
            StoreLoop store = storeLoop;
            if (store != null) {
                loop.post(() -> {
                    claims.flush(loop.now());
                    store.close(until);
                });
                store.join(TimeUnit.NANOSECONDS.toMillis(left(until)) + STORE_GRACE_MILLIS);
            }
            loop.stop();
            loop.join(STORE_GRACE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            loop.stop();
        }
    }

    /** The one place where the state changes, but for the end: forward only. */
    private synchronized boolean move(State to, State... from) {
        if (!List.of(from).contains(stateNow)) {
            return false;
        }
        stateNow = to;
        return true;
    }

    private long left(long until) {
        return until - context.ticker().getAsLong();
    }

    private void awaitQuietly(Duration deadline) {
        try {
            terminated.await(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class StoreEvents implements StoreLoop.Listener {
        @Override
        public void answered(List<StoreOperation> operations, List<StoreAnswer> answers, long sentAt) {
            loop.post(() -> engine.answered(operations, answers, sentAt));
        }

        @Override
        public void unavailable(Throwable reason) {
            loop.post(() -> handover.hold(true));
            context.events().emit(new StoreUnavailable(spec.destination(), spec.reader(), reason));
        }

        @Override
        public void available(Duration outage) {
            loop.post(() -> handover.hold(false));
            context.events().emit(new StoreAvailable(spec.destination(), spec.reader(), outage));
        }

        @Override
        public void dataLost() {
            context.events().emit(new StoreDataLost(spec.destination(), spec.reader(), spec.lease()));
        }

        @Override
        public void broken(Throwable reason) {
            fail(reason);
        }
    }
}
