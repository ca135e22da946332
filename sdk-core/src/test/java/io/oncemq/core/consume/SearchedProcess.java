package io.oncemq.core.consume;

import io.oncemq.Position;
import io.oncemq.Receipt;
import io.oncemq.core.EventLoop;
import io.oncemq.core.Events;
import io.oncemq.core.LoopThreads;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.Shard;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One process of a searched world: the engine's own classes on a loop that is turned by hand. Store, workers and broker stand
 * still until the search moves them.
 */
final class SearchedProcess implements MessageSource, CommandSink {
    /** A batch that the store has applied and whose answers are on their way. */
    record Reply(List<StoreOperation> operations, List<StoreAnswer> answers, long sentAt) {}

    /** A dead letter that is not confirmed yet. */
    record Letter(String id, CompletableFuture<Receipt> confirmed) {}

    /** What a handled message derived, not confirmed yet. */
    record Derivation(Work work, CompletableFuture<?> confirmed) {}

    private static final LoopThreads NO_THREADS = new LoopThreads("searched");

    final EngineWorld world;
    final int number;
    final EventLoop loop;
    final Claims claims;
    final LaneEngine engine;
    final Handover handover;
    final InFlight inFlight;
    final ClaimStore store;
    final List<StoreOperation> settlements = new ArrayList<>();
    final List<StoreOperation> claimCommands = new ArrayList<>();
    final Deque<Work> queued = new ArrayDeque<>();
    final List<Work> running = new ArrayList<>();
    final List<Letter> letters = new ArrayList<>();
    final List<Work> works = new ArrayList<>();
    final List<Integer> assigned = new ArrayList<>();

    /** Commands without an answer, which are repeated. */
    final List<StoreOperation> held = new ArrayList<>();

    final List<Derivation> derivations = new ArrayList<>();

    @Nullable
    Reply reply;

    @Nullable
    ShardState shard;

    @Nullable
    CompletableFuture<List<Acknowledgement>> draining;

    int fed;
    boolean closing;
    private final Thread worker = new Thread();

    SearchedProcess(EngineWorld world, int number) {
        this.world = world;
        this.number = number;
        SubscriptionSpec spec = world.spec;
        Events events = new Events(List.of());
        this.store = world.store.group("billing", spec.crashPolicy(), spec.lease());
        this.loop = new EventLoop("searched", () -> world.nanos, this::endOfTurn, failure -> {}, NO_THREADS);
        this.inFlight = new InFlight(spec.maxInFlight(), spec.maxInFlightBytes());
        this.claims = new Claims(this, spec, loop, events);
        DeadLetterStep step =
                new DeadLetterStep(spec, List.of("ce_"), this::publish, (destination, id) -> {}, events, world.clock);
        this.engine = new LaneEngine(spec, loop, queued::add, step, claims, inFlight, events);
        this.handover = new Handover(loop, engine, claims, inFlight, spec);
        engine.handover(handover);
    }

    private CompletableFuture<Receipt> publish(OutboundFrame frame) {
        CompletableFuture<Receipt> confirmed = new CompletableFuture<>();
        letters.add(new Letter(String.valueOf(frame.headers().text("oncemq-dead-letter-id")), confirmed));
        return confirmed;
    }

    private long endOfTurn(long now) {
        long next = claims.flush(now);
        handover.endOfTurn(this);
        return next;
    }

    void assign(List<Integer> messages) {
        ShardState state = new ShardState(new Shard("orders-0", world.nextEpoch++, Shard.AcknowledgeMode.CUMULATIVE));
        shard = state;
        fed = 0;
        assigned.clear();
        assigned.addAll(messages);
        handover.assigned(List.of(state));
    }

    /** The next message of its assignment arrives. */
    void deliver() {
        int message = assigned.get(fed);
        String id = EngineWorld.ID[message];
        InboundMessage inbound =
                InboundMessage.builder(fed, fed).key("k").size(1).build();
        RecordId record = new RecordId(message + 1, message + 1, KeyHash.of(new byte[] {1}));
        Work work = new Work(
                engine,
                inbound,
                shardNow(),
                new Identity(id, "orders", 0, record),
                new Owner(number, world.nextDelivery++),
                0);
        fed++;
        works.add(work);
        inFlight.add(work.shard, 1, 1);
        engine.intake(work.shard, new Work[] {work});
        turn();
    }

    ShardState shardNow() {
        if (shard == null) {
            throw new IllegalStateException("nothing is assigned");
        }
        return shard;
    }

    void turn() {
        loop.turn();
        CompletableFuture<List<Acknowledgement>> drain = draining;
        if (drain != null && drain.isDone()) {
            draining = null;
            acknowledge(drain.join());
            shard = null;
            world.drained(this);
        }
    }

    void revoke() {
        CompletableFuture<List<Acknowledgement>> drain = new CompletableFuture<>();
        draining = drain;
        handover.revoke(List.of(shardNow()), world.nanos + Duration.ofDays(1).toNanos(), drain);
        turn();
    }

    void lose() {
        ShardState lost = shardNow();
        shard = null;
        draining = null;
        handover.lost(List.of(lost));
        turn();
    }

    boolean maySend() {
        return reply == null && !(held.isEmpty() && settlements.isEmpty() && claimCommands.isEmpty());
    }

    /** The store applies what has gathered, settlements first, as the store's thread sends them. */
    void send() {
        List<StoreOperation> batch = new ArrayList<>(held);
        batch.addAll(settlements);
        batch.addAll(claimCommands);
        held.clear();
        settlements.clear();
        claimCommands.clear();
        List<StoreCommand> commands =
                batch.stream().map(StoreOperation::command).toList();
        List<StoreAnswer> answers = store.apply(commands);
        world.applied(this, batch, answers);
        reply = new Reply(batch, answers, world.nanos);
    }

    /** The store's thread repeats the whole batch; see StoreLoop. */
    void loseReply() {
        Reply lost = reply;
        reply = null;
        if (lost != null) {
            for (StoreOperation operation : lost.operations()) {
                held.add(
                        new StoreOperation(operation.work(), operation.command().repeat()));
            }
        }
    }

    /** The store's thread ends: claims that are not answered are not asked for again. */
    void dropClaims() {
        claimCommands.clear();
        held.removeIf(operation -> operation.command().type() == StoreCommand.Type.CLAIM);
    }

    void answer() {
        Reply arrived = reply;
        reply = null;
        if (arrived != null) {
            engine.answered(arrived.operations(), arrived.answers(), arrived.sentAt());
        }
        turn();
    }

    /** A worker takes the next work; see HandlerCall. */
    void begin() {
        Work work = queued.remove();
        if (!work.begin(worker, world.nanos)) {
            return;
        }
        if (work.claimed && !work.holdsLease(world.nanos)) {
            work.notStarted = true;
            work.end();
            loop.post(work);
            turn();
        } else {
            running.add(work);
            world.handlerBegins(this, work);
        }
    }

    void end(int index) {
        Work work = running.remove(index);
        work.failure = world.handlerEnds(this, work);
        if (work.failure == null && world.derives(work)) {
            DerivedMessages derived = new DerivedMessages(work, "billing", Runnable::run);
            work.derived = derived;
            derivations.add(new Derivation(work, derived.confirmed()));
        }
        work.end();
        loop.post(work);
        turn();
    }

    void confirm() {
        Letter letter = letters.remove(0);
        world.letterConfirmed(letter.id());
        letter.confirmed().complete(new Receipt(letter.id(), "orders.billing.dlq", new Position("dlq", 0)));
        turn();
    }

    void decideDerived() {
        Derivation next = derivations.remove(0);
        Throwable refusal = world.derivedDecided(next.work());
        if (refusal == null) {
            next.confirmed().complete(null);
        } else {
            next.confirmed().completeExceptionally(refusal);
        }
        turn();
    }

    /** Whether the threads of a subscription that closes may end; see EngineSubscription. */
    boolean closed() {
        return closing && draining == null && shard == null && handover.idle();
    }

    @Override
    public void submit(List<StoreOperation> moreSettlements, List<StoreOperation> moreClaims) {
        settlements.addAll(moreSettlements);
        claimCommands.addAll(moreClaims);
        moreSettlements.clear();
        moreClaims.clear();
    }

    @Override
    public void acknowledge(List<Acknowledgement> acknowledgements) {
        for (Acknowledgement acknowledgement : acknowledgements) {
            if (shard != null && acknowledgement.shard().equals(shard.shard)) {
                for (int tag = 0; tag <= acknowledgement.through(); tag++) {
                    world.acknowledged(assigned.get(tag));
                }
            }
        }
    }

    @Override
    public void start() {}

    @Override
    public void pause(Shard paused) {}

    @Override
    public void resume(Shard resumed) {}

    @Override
    public void close(Duration deadline) {}
}
