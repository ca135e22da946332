package io.oncemq.core.consume;

import io.oncemq.CrashPolicy;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent;
import io.oncemq.Ordering;
import io.oncemq.Position;
import io.oncemq.Receipt;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import io.oncemq.core.EventLoop;
import io.oncemq.core.Events;
import io.oncemq.core.LoopThreads;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The engine's own classes with one shard, on a loop that a test turns: the test answers for the store, the workers and the
 * dead-letter destination, and moves the time. Nothing else moves, so what has not happened after a turn does not happen.
 */
final class HandTurnedEngine implements MessageSource, CommandSink {
    static final Duration LEASE = Duration.ofMinutes(1);
    static final Duration HANDLER_TIMEOUT = Duration.ofMinutes(5);
    static final int MAX_ATTEMPTS = 3;

    private static final LoopThreads NO_THREADS = new LoopThreads("hand-turned");

    private record Asked(StoreOperation operation, long at) {
        boolean is(String id, StoreCommand.Type type) {
            return operation.command().type() == type
                    && operation.work().identity.id().equals(id);
        }
    }

    /** Commands that wait for their answers, in the order in which they were asked. */
    private final List<Asked> open = new ArrayList<>();

    final List<OutboundFrame> letters = new ArrayList<>();
    final List<MessagingEvent> events = new ArrayList<>();
    final Deque<Work> queued = new ArrayDeque<>();
    final Shard shard = new Shard("orders-0", 1, Shard.AcknowledgeMode.CUMULATIVE);
    final SubscriptionSpec spec = specification();
    long nanos = Duration.ofDays(1).toNanos();
    long through = -1;
    boolean paused;

    private final List<CompletableFuture<Receipt>> confirms = new ArrayList<>();
    private final ShardState state = new ShardState(shard);
    private final Thread worker = new Thread();
    private final EventLoop loop =
            new EventLoop("hand-turned", () -> nanos, this::endOfTurn, failure -> {}, NO_THREADS);
    private final Claims claims;
    private final LaneEngine engine;
    private final Handover handover;
    private final InFlight inFlight;
    private int delivered;

    HandTurnedEngine() {
        Events told = new Events(List.of(events::add));
        this.inFlight = new InFlight(spec.maxInFlight(), spec.maxInFlightBytes());
        this.claims = new Claims(this, spec, loop, told);
        DeadLetterStep step = new DeadLetterStep(
                spec, List.of("ce_"), this::publish, (destination, id) -> {}, told, Clock.systemUTC());
        this.engine = new LaneEngine(spec, loop, queued::add, step, claims, inFlight, told);
        this.handover = new Handover(loop, engine, claims, inFlight, spec);
        engine.handover(handover);
        handover.assigned(List.of(state));
    }

    static SubscriptionSpec specification() {
        return new SubscriptionSpec(
                "orders",
                "billing",
                "",
                "orders",
                null,
                2,
                100,
                1_000_000,
                RetryPolicy.builder()
                        .fixed(Duration.ofSeconds(1))
                        .maxAttempts(MAX_ATTEMPTS)
                        .build(),
                DeadLetterPolicy.defaults(),
                Ordering.PER_KEY,
                CrashPolicy.REPROCESS,
                LEASE,
                HANDLER_TIMEOUT,
                Duration.ofSeconds(20),
                StartPosition.EARLIEST,
                LostPositions.STOP,
                null,
                null);
    }

    private CompletableFuture<Receipt> publish(OutboundFrame frame) {
        CompletableFuture<Receipt> confirm = new CompletableFuture<>();
        letters.add(frame);
        confirms.add(confirm);
        return confirm;
    }

    private long endOfTurn(long now) {
        long next = claims.flush(now);
        handover.endOfTurn(this);
        return next;
    }

    void turn() {
        loop.turn();
    }

    void pass(Duration time) {
        nanos += time.toNanos();
        turn();
    }

    /** A message of the key "k". */
    void deliver(String id) {
        deliver(id, "k", 0);
    }

    void deliver(String id, String key, int generation) {
        take(key, new Identity(id, "orders", generation, record(id)));
    }

    /** A message without an id, which needs no claim. */
    void deliverWithoutId(String key) {
        take(key, new Identity("none", "orders", 0, null));
    }

    private void take(String key, Identity identity) {
        int tag = delivered++;
        InboundMessage message =
                InboundMessage.builder(tag, tag).key(key).size(1).build();
        Work work = new Work(engine, message, state, identity, new Owner(1, tag), 0);
        inFlight.add(state, 1, 1);
        engine.intake(state, new Work[] {work});
        turn();
    }

    private static RecordId record(String id) {
        return new RecordId(id.hashCode(), id.length(), 0);
    }

    /** What was asked about an id and is not answered. */
    List<StoreCommand.Type> asked(String id) {
        return open.stream()
                .filter(asked -> asked.operation.work().identity.id().equals(id))
                .map(asked -> asked.operation.command().type())
                .toList();
    }

    void answer(String id, StoreCommand.Type type, StoreAnswer.Kind kind) {
        answer(id, type, StoreAnswer.of(kind));
    }

    void answer(String id, StoreCommand.Type type, StoreAnswer answer) {
        Asked asked = open.stream()
                .filter(each -> each.is(id, type))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " was not asked for " + id + ", but " + asked(id)));
        if (answer.kind() != StoreAnswer.Kind.UNKNOWN) {
            open.remove(asked);
        }
        engine.answered(List.of(asked.operation), List.of(answer), asked.at);
        turn();
    }

    /** The claim is granted, with a token that grows. */
    void grant(String id) {
        answer(id, StoreCommand.Type.CLAIM, StoreAnswer.claimed(StoreAnswer.Kind.ACQUIRED, nanos, 0, false));
    }

    /** A worker takes the next work; see HandlerCall. */
    @Nullable
    Work begin() {
        Work work = queued.remove();
        work.begin(worker, nanos);
        if (!work.claimed || work.holdsLease(nanos)) {
            return work;
        }
        work.notStarted = true;
        ended(work);
        return null;
    }

    /** The next handler in line runs and returns, or throws. */
    void handle(@Nullable Throwable failure) {
        Work work = begin();
        if (work == null) {
            throw new AssertionError("its lease has lapsed");
        }
        end(work, failure);
    }

    void end(Work work, @Nullable Throwable failure) {
        work.failure = failure;
        ended(work);
    }

    private void ended(Work work) {
        work.end();
        loop.post(work);
        turn();
    }

    void confirmLetter() {
        OutboundFrame letter = letters.get(letters.size() - 1);
        confirms.remove(0).complete(new Receipt(letter.id(), letter.destination(), new Position("dlq", 0)));
        turn();
    }

    boolean holdsLease(String id) {
        return state.tracker.open().stream()
                .filter(work -> work.identity.id().equals(id))
                .anyMatch(work -> work.holdsLease(nanos));
    }

    <E extends MessagingEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void submit(List<StoreOperation> moreSettlements, List<StoreOperation> moreClaims) {
        moreSettlements.forEach(operation -> open.add(new Asked(operation, nanos)));
        moreClaims.forEach(operation -> open.add(new Asked(operation, nanos)));
        moreSettlements.clear();
        moreClaims.clear();
    }

    @Override
    public void acknowledge(List<Acknowledgement> acknowledgements) {
        acknowledgements.forEach(each -> through = each.through());
    }

    @Override
    public void pause(Shard ignored) {
        paused = true;
    }

    @Override
    public void resume(Shard ignored) {
        paused = false;
    }

    @Override
    public void start() {}

    @Override
    public void close(Duration deadline) {}
}
