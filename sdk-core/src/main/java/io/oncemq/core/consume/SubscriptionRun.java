package io.oncemq.core.consume;

import io.oncemq.AsyncMessageHandler;
import io.oncemq.Codec;
import io.oncemq.MessageHandler;
import io.oncemq.MessagingEvent.AnotherClusterSuspected;
import io.oncemq.MessagingEvent.StoreAvailable;
import io.oncemq.MessagingEvent.StoreDataLost;
import io.oncemq.MessagingEvent.StoreUnavailable;
import io.oncemq.core.Closing;
import io.oncemq.core.Contained;
import io.oncemq.core.EventLoop;
import io.oncemq.core.Uninterrupted;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.support.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a subscription from its start to its end: source, loops and workers, of which none is used again. A subscription that
 * is started again gets another run. Thread-safe.
 */
final class SubscriptionRun {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionRun.class);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final long WORKER_RETRY_NANOS = 100_000_000;
    private static final int ASYNC_THREADS =
            2 * Math.max(2, Runtime.getRuntime().availableProcessors());

    /** What ends a run from within, on any of its threads. */
    interface Ends {
        /** A replay has come to its end. */
        void ended();

        void failed(Throwable cause);
    }

    private final EngineContext context;
    private final SubscriptionSpec spec;
    private final Ends ends;
    private final EventLoop loop;
    private final Workers workers;
    private final @Nullable ClaimStore claimStore;
    private final @Nullable StoreLoop storeLoop;
    private final InFlight inFlight;
    private final Claims claims;
    private final Handover handover;
    private final DeadLetterStep deadLetters;
    private final LaneEngine engine;
    private final Intake intake;
    private final MessageSource source;
    private final Closing closing;
    private final CountDownLatch drained = new CountDownLatch(1);
    private final CountDownLatch handedOver = new CountDownLatch(1);
    private volatile boolean ending;
    private volatile boolean keepsProcess;
    private volatile int lanes;

    /** @param afterwards the last step of its end */
    <T> SubscriptionRun(
            EngineContext context,
            SubscriptionSpec spec,
            Codec<T> codec,
            @Nullable MessageHandler<T> handler,
            @Nullable AsyncMessageHandler<T> asyncHandler,
            Ends ends,
            Runnable afterwards) {
        this.context = context;
        this.spec = spec;
        this.ends = ends;
        String name = spec.destination() + "-" + spec.reader();
        this.loop = new EventLoop(
                "oncemq-loop-" + name, context.ticker(), this::endOfTurn, this::loopFailed, context.loops());
        this.inFlight = new InFlight(spec.maxInFlight(), spec.maxInFlightBytes());
        IdempotencyStore store = context.store();
        if (store != null) {
            String other = context.cluster().check(store, spec.rememberedGroup(), spec.destination());
            if (other != null) {
                context.events()
                        .emit(new AnotherClusterSuspected(
                                spec.destination(),
                                spec.reader(),
                                context.cluster().place(),
                                other));
            }
        }
        this.claimStore = store == null ? null : claims(store, spec);
        this.storeLoop = claimStore == null
                ? null
                : new StoreLoop(
                        "oncemq-store-" + name, claimStore, new StoreEvents(), context.ticker(), context.loops());
        this.claims = new Claims(storeLoop, spec, loop, context.events());
        Semaphore permits = asyncHandler == null ? null : new Semaphore(spec.concurrency());
        HandlerCall<T> call = new HandlerCall<>(codec, handler, asyncHandler, permits, spec, context, loop::post);
        this.workers = new Workers(
                permits == null ? spec.concurrency() : Math.min(spec.concurrency(), ASYNC_THREADS),
                WorkerThreads.named("oncemq-worker-" + name + "-", context.virtualThreads()),
                call,
                permits);
        List<String> prefixes = cloudEventsPrefixes(context.transport());
        this.deadLetters = new DeadLetterStep(
                spec,
                prefixes,
                context.deadLetterPublisher(),
                context.deadLetterAbandoned(),
                context.events(),
                context.clock());
        this.engine = new LaneEngine(spec, loop, workers::submit, deadLetters, claims, inFlight, context.events());
        this.handover = new Handover(loop, engine, claims, inFlight, spec);
        engine.handover(handover);
        this.intake = new Intake(context, spec, prefixes, loop, engine, handover, inFlight, ends::ended, ends::failed);
        this.closing = closing(name, afterwards);
        this.source = openSource();
        intake.source(source);
    }

    private static ClaimStore claims(IdempotencyStore store, SubscriptionSpec spec) {
        return spec.broadcastOf() == null
                ? store.group(spec.rememberedGroup(), spec.crashPolicy(), spec.lease())
                : store.instance(spec.rememberedGroup(), spec.crashPolicy(), spec.lease());
    }

    private MessageSource openSource() {
        try {
            return context.transport().openSource(sourceSpec(), intake);
        } catch (Throwable e) {
            if (claimStore != null) {
                Contained.run("a group of the store cannot be closed:", spec.group(), claimStore::close);
            }
            throw e;
        }
    }

    private SourceSpec sourceSpec() {
        return SourceSpec.builder(spec.destination(), spec.reader())
                .startAt(spec.from())
                .onLost(spec.onLost())
                .ordering(spec.ordering())
                .maxInFlight(spec.maxInFlight())
                .maxInFlightBytes(spec.maxInFlightBytes())
                .handlerTimeout(spec.handlerTimeout())
                .drainDeadline(spec.drainTimeout())
                .replay(spec.replay() != null)
                .broadcastOf(spec.broadcastOf())
                .filter(spec.filter())
                .remembered(storeLoop != null)
                .build();
    }

    static List<String> cloudEventsPrefixes(BrokerTransport transport) {
        List<String> prefixes = new ArrayList<>(List.of(transport.cloudEventsPrefix()));
        prefixes.addAll(transport.otherCloudEventsPrefixes());
        return List.copyOf(prefixes);
    }

    /** Starts the engine; the source still waits. @param daemon whether the process may end without it */
    void startLoops(boolean daemon) {
        if (!daemon) {
            context.loops().beginRun();
            keepsProcess = true;
        }
        loop.start();
        if (storeLoop != null) {
            storeLoop.start();
        }
    }

    void startSource() {
        source.start();
    }

    private long endOfTurn(long now) {
        boolean again = workers.signal();
        long renewAt = claims.flush(now);
        handover.endOfTurn(source);
        lanes = engine.lanes();
        if (ending && handover.idle()) {
            drained.countDown();
        }
        return again ? Math.min(renewAt, now + WORKER_RETRY_NANOS) : renewAt;
    }

    /** Nothing that waits for the loop is answered any more. */
    private void loopFailed(Throwable cause) {
        drained.countDown();
        handedOver.countDown();
        intake.loopEnded();
        ends.failed(cause);
    }

    int inFlight() {
        return inFlight.count();
    }

    int lanes() {
        return lanes;
    }

    void pause(boolean on) {
        workers.pause(on);
    }

    /** Whether the calling thread is one that the end of this run waits for, so that it must not wait for that end. */
    boolean isOwnThread() {
        return workers.isWorker(Thread.currentThread())
                || loop.isThread()
                || (storeLoop != null && storeLoop.isThread())
                || context.events().isTelling();
    }

    /** Ends it; see {@link Closing}. Waits unless the caller is one of its own threads. */
    void close(Duration deadline) {
        if (isOwnThread()) {
            closing.start(deadline);
        } else {
            closing.close(deadline);
        }
    }

    /** Ends it without waiting. */
    void closeLater(Duration deadline) {
        closing.start(deadline);
    }

    private Closing closing(String name, Runnable afterwards) {
        return new Closing(name)
                .step("intake", this::closeIntake)
                .step("handlers", this::awaitHandlers)
                .step("workers", left -> workers.close())
                .step("settlements", this::closeStoreLoop)
                .step("event loop", left -> loop.close(GRACE))
                .step("process", left -> letProcessEnd())
                .step("drains", left -> intake.loopEnded())
                .step("dead letters", left -> deadLetters.close())
                .step("claims", left -> {
                    if (claimStore != null) {
                        claimStore.close();
                    }
                })
                .step("state", left -> afterwards.run());
    }

    /** The thread that closes keeps the process alive from here on. */
    private void letProcessEnd() {
        if (keepsProcess) {
            context.loops().endRun();
        }
    }

    private void closeIntake(Duration left) {
        intake.close(context.ticker().getAsLong() + Nanos.of(left));
        source.close(left);
    }

    /** Also for handlers of shards that are gone, so that their effects are still marked. */
    private void awaitHandlers(Duration left) {
        ending = true;
        loop.post(() -> {});
        if (!Uninterrupted.await(drained, left)) {
            LOG.warn(
                    "closing interrupts handlers that still run, and their messages are delivered again:"
                            + " destination={} group={}",
                    spec.destination(),
                    spec.reader());
        }
    }

    /** What the loop has gathered goes first. A loop that has failed hands nothing over any more: then what was submitted is the rest. */
    private void closeStoreLoop(Duration left) {
        StoreLoop store = storeLoop;
        if (store == null) {
            return;
        }
        long until = context.ticker().getAsLong() + Nanos.of(left);
        loop.post(() -> {
            try {
                claims.flush(loop.now());
            } finally {
                handedOver.countDown();
            }
        });
        Uninterrupted.await(handedOver, Nanos.sum(left, GRACE));
        store.close(until);
        store.join(Nanos.sum(left, GRACE));
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
            ends.failed(reason);
        }
    }
}
