package io.oncemq.core.consume;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PartitionsAssigned;
import io.oncemq.MessagingEvent.PartitionsLost;
import io.oncemq.MessagingEvent.PartitionsRevoked;
import io.oncemq.core.EventLoop;
import io.oncemq.core.Uninterrupted;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Owner;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where the source's thread meets the event loop: it reads identities off the messages, counts them as in flight and posts them
 * in batches. Only a handover makes it wait.
 */
final class Intake implements SourceListener {
    /** What the loop may need beyond the drain deadline to answer. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final AtomicLong DELIVERIES = new AtomicLong();

    private final EngineContext context;
    private final SubscriptionSpec spec;
    private final EventLoop loop;
    private final LaneEngine engine;
    private final Handover handover;
    private final InFlight inFlight;
    private final Runnable atEnd;
    private final Consumer<Throwable> fail;
    private final Identities identities;
    private final CRC32C checksum = new CRC32C();
    private final Map<Shard, ShardState> shards = new ConcurrentHashMap<>();
    private final Map<Shard, ShardState> draining = new ConcurrentHashMap<>();
    private final Set<CompletableFuture<List<Acknowledgement>>> openDrains = ConcurrentHashMap.newKeySet();
    private volatile boolean loopEnded;
    private volatile @Nullable Long closeAt;
    private volatile @Nullable MessageSource source;

    Intake(
            EngineContext context,
            SubscriptionSpec spec,
            List<String> cloudEventsPrefixes,
            EventLoop loop,
            LaneEngine engine,
            Handover handover,
            InFlight inFlight,
            Runnable atEnd,
            Consumer<Throwable> fail) {
        this.context = context;
        this.spec = spec;
        this.loop = loop;
        this.engine = engine;
        this.handover = handover;
        this.inFlight = inFlight;
        this.atEnd = atEnd;
        this.fail = fail;
        this.identities = new Identities(spec.scope(), cloudEventsPrefixes, spec.generation());
    }

    /** Called before the source starts. */
    void source(MessageSource source) {
        this.source = source;
    }

    /** The loop has ended: a drain is answered at once, with nothing to acknowledge. */
    void loopEnded() {
        loopEnded = true;
        openDrains.forEach(drain -> drain.complete(List.of()));
    }

    /** From now on a drain ends by this time at the latest, also one that has begun before. */
    void close(long untilNanos) {
        closeAt = untilNanos;
        loop.post(() -> handover.endBy(untilNanos));
    }

    @Override
    public void onAssigned(Collection<Shard> assigned) {
        List<ShardState> states = new ArrayList<>();
        for (Shard shard : assigned) {
            ShardState state = new ShardState(shard);
            shards.put(shard, state);
            states.add(state);
        }
        boolean paused = pauseIfFull(assigned);
        loop.post(() -> {
            handover.assigned(states);
            if (paused) {
                handover.pausedByIntake();
            }
        });
        emit(new PartitionsAssigned(spec.destination(), spec.reader(), names(assigned)));
    }

    /** At once: each of them would bring a fetch on top of the bound before the loop gets to it. The loop resumes them. */
    private boolean pauseIfFull(Collection<Shard> assigned) {
        MessageSource receiving = source;
        if (receiving == null || !inFlight.full()) {
            return false;
        }
        assigned.forEach(receiving::pause);
        return true;
    }

    @Override
    public void onMessages(Shard shard, List<InboundMessage> messages) {
        ShardState state = shards.get(shard);
        if (state == null || state.gone || messages.isEmpty()) {
            return;
        }
        Work[] batch = new Work[messages.size()];
        long firstDelivery = DELIVERIES.getAndAdd(batch.length);
        long bytes = 0;
        for (int i = 0; i < batch.length; i++) {
            InboundMessage message = messages.get(i);
            Owner owner = new Owner(context.processId(), firstDelivery + i);
            batch[i] =
                    new Work(engine, message, state, identities.of(shard, message), owner, fingerprint(message.body()));
            bytes += message.size();
        }
        inFlight.add(state, batch.length, bytes);
        boolean paused = pauseWhereNeeded(state, batch.length);
        loop.post(() -> {
            state.waiting.addAndGet(-batch.length);
            engine.intake(state, batch);
            if (paused) {
                handover.pausedByIntake();
            }
        });
    }

    /**
     * At once, on the source's thread: until the loop gets to it, one fetch after another could arrive, exceed the bound, or
     * fill it with a single held key.
     */
    private boolean pauseWhereNeeded(ShardState state, int arrived) {
        boolean behind = state.waiting.addAndGet(arrived) >= spec.keyShare();
        MessageSource receiving = source;
        if (receiving == null) {
            return false;
        }
        if (behind) {
            receiving.pause(state.shard);
        }
        return inFlight.halfFull() && pauseFull(receiving) || behind;
    }

    private boolean pauseFull(MessageSource receiving) {
        InFlight.Room room = inFlight.room(shards.values());
        boolean any = false;
        for (ShardState each : shards.values()) {
            if (room.full(each)) {
                receiving.pause(each.shard);
                any = true;
            }
        }
        return any;
    }

    /** Never 0, which stands for unknown. */
    private int fingerprint(byte @Nullable [] body) {
        if (body == null || context.store() == null) {
            return body == null ? 1 : 0;
        }
        checksum.reset();
        checksum.update(body, 0, body.length);
        int value = (int) checksum.getValue();
        return value == 0 ? 1 : value;
    }

    @Override
    public List<Acknowledgement> onRevoking(Collection<Shard> revoked) {
        CompletableFuture<List<Acknowledgement>> result = new CompletableFuture<>();
        revoke(revoked, result::complete);
        CountDownLatch ended = new CountDownLatch(1);
        result.thenRun(ended::countDown);
        Uninterrupted.await(ended, Duration.ofDays(1));
        return result.getNow(List.of());
    }

    @Override
    public void revoke(Collection<Shard> revoked, Consumer<List<Acknowledgement>> drained) {
        List<ShardState> states = take(revoked);
        if (states.isEmpty()) {
            drained.accept(List.of());
            return;
        }
        states.forEach(state -> draining.put(state.shard, state));
        long now = context.ticker().getAsLong();
        long until = now + spec.drainTimeout().toNanos();
        Long closing = closeAt;
        if (closing != null) {
            until = closing;
        }
        long drainUntil = until;
        CompletableFuture<List<Acknowledgement>> result = new CompletableFuture<>();
        result.completeOnTimeout(List.of(), Math.max(0, until - now) + GRACE.toNanos(), TimeUnit.NANOSECONDS)
                .thenAccept(acknowledgements -> {
                    if (revoked.stream()
                                    .filter(shard -> draining.remove(shard) != null)
                                    .count()
                            > 0) {
                        emit(new PartitionsRevoked(spec.destination(), spec.reader(), names(revoked)));
                    }
                    drained.accept(acknowledgements);
                });
        loop.post(() -> handover.revoke(states, drainUntil, result));
        openDrains.add(result);
        result.thenRun(() -> openDrains.remove(result));
        if (loopEnded) {
            loopEnded();
        }
    }

    @Override
    public void onLost(Collection<Shard> lost) {
        List<ShardState> states = take(lost);
        for (Shard shard : lost) {
            ShardState state = draining.remove(shard);
            if (state != null) {
                states.add(state);
            }
        }
        if (!states.isEmpty()) {
            states.forEach(ShardState::lose);
            loop.post(() -> handover.lost(states));
            emit(new PartitionsLost(spec.destination(), spec.reader(), names(lost)));
        }
    }

    private List<ShardState> take(Collection<Shard> taken) {
        List<ShardState> states = new ArrayList<>();
        for (Shard shard : taken) {
            ShardState state = shards.remove(shard);
            if (state != null) {
                states.add(state);
            }
        }
        return states;
    }

    @Override
    public void onEvent(MessagingEvent event) {
        emit(event);
    }

    @Override
    public void onEnd() {
        atEnd.run();
    }

    @Override
    public void onFailure(Throwable cause) {
        fail.accept(cause);
    }

    /** On the source's thread, which must not be interrupted by a flag that a listener leaves. */
    private void emit(MessagingEvent event) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        context.events().emit(event);
        if (!interrupted) {
            Thread.interrupted();
        }
    }

    private static List<String> names(Collection<Shard> shards) {
        return shards.stream().map(Shard::name).toList();
    }
}
