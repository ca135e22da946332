package io.oncemq.core.consume;

import io.oncemq.core.EventLoop;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.MessageSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes shards over and gives them away. A shard that leaves is drained: what has not begun is let go, what has begun is waited
 * for until a deadline, then interrupted. Belongs to the event loop.
 */
final class Handover {
    private record Drain(List<ShardState> shards, CompletableFuture<List<Acknowledgement>> result) {}

    private final EventLoop loop;
    private final LaneEngine engine;
    private final Claims claims;
    private final InFlight inFlight;
    private final SubscriptionSpec spec;
    private final List<ShardState> owned = new ArrayList<>();
    private final List<Drain> drains = new ArrayList<>();
    private boolean held;
    private boolean anyFull;
    private @Nullable Long endBy;

    Handover(EventLoop loop, LaneEngine engine, Claims claims, InFlight inFlight, SubscriptionSpec spec) {
        this.loop = loop;
        this.engine = engine;
        this.claims = claims;
        this.inFlight = inFlight;
        this.spec = spec;
        claims.over(owned);
    }

    void assigned(Collection<ShardState> shards) {
        owned.addAll(shards);
    }

    /** Drains the shards; the result holds what may be acknowledged of them and completes by the deadline. */
    void revoke(Collection<ShardState> shards, long deadlineNanos, CompletableFuture<List<Acknowledgement>> result) {
        Drain drain = new Drain(List.copyOf(shards), result);
        for (ShardState shard : drain.shards) {
            shard.leaving = true;
        }
        for (ShardState shard : drain.shards) {
            letGo(shard);
        }
        drains.add(drain);
        if (!endIfDrained(drain)) {
            loop.at(deadlineNanos, () -> force(drain));
            if (endBy != null) {
                loop.at(endBy, () -> force(drain));
            }
        }
    }

    /** No drain takes longer than until then. */
    void endBy(long nanos) {
        endBy = nanos;
        drains.forEach(drain -> loop.at(nanos, () -> force(drain)));
    }

    /** The shards have another owner already. */
    void lost(Collection<ShardState> shards) {
        // One that is being drained has let go what had not begun.
        List<ShardState> whole = shards.stream().filter(shard -> !shard.leaving).toList();
        for (ShardState shard : shards) {
            shard.leaving = true;
            shard.lose();
        }
        whole.forEach(this::letGo);
        shards.forEach(this::detach);
        owned.removeAll(shards);
    }

    /** A started message of a leaving shard has ended. */
    void ended(ShardState shard) {
        for (Drain drain : List.copyOf(drains)) {
            if (drain.shards.contains(shard)) {
                endIfDrained(drain);
            }
        }
    }

    void unchoke(Lane lane) {
        for (ShardState shard : owned) {
            shard.chokedBy.remove(lane);
        }
    }

    /**
     * Whether nothing is in flight and no claim is under way that would be left to lapse. A store that is away may keep a close
     * waiting no longer than its effects need.
     */
    boolean idle() {
        return inFlight.count() == 0 && (held || claims.awaited() == 0);
    }

    /** No further messages are wanted while the store is away. */
    void hold(boolean on) {
        held = on;
    }

    /** The intake has paused some or all shards. */
    void pausedByIntake() {
        for (ShardState shard : owned) {
            shard.pauseInDoubt = true;
        }
    }

    /** Hands over what may be acknowledged, then pauses and resumes shards by what is in flight. */
    void endOfTurn(MessageSource source) {
        List<Acknowledgement> ready = null;
        // Far below the bound no share can be used up.
        InFlight.Room room = anyFull || inFlight.halfFull() ? inFlight.room(owned) : null;
        anyFull = false;
        for (ShardState shard : owned) {
            if (shard.dirty) {
                shard.dirty = false;
                if (ready == null) {
                    ready = new ArrayList<>(owned.size());
                }
                ready.add(shard.tracker.snapshot(shard.shard));
            }
            if (room != null && (shard.full ? room.roomy(shard) : room.full(shard))) {
                shard.full = !shard.full;
            }
            anyFull |= shard.full;
            boolean pause =
                    shard.full || held || !shard.chokedBy.isEmpty() || shard.tracker.window() > spec.maxUncommitted();
            if (pause != shard.paused || shard.pauseInDoubt) {
                shard.paused = pause;
                shard.pauseInDoubt = false;
                if (pause) {
                    source.pause(shard.shard);
                } else {
                    source.resume(shard.shard);
                }
            }
        }
        if (ready != null) {
            source.acknowledge(ready);
        }
    }

    private void letGo(ShardState shard) {
        for (Work work : shard.tracker.open()) {
            boolean begun = work.stage() == Stage.DISPATCHED
                    ? !work.withdraw()
                    : work.stage().started();
            if (!begun) {
                engine.drop(work);
            }
        }
        shard.heads.clear();
        shard.behind.clear();
    }

    private void detach(ShardState shard) {
        for (Work work : shard.tracker.open()) {
            work.detached = true;
            claims.forget(work);
            work.interrupt();
        }
    }

    private void force(Drain drain) {
        if (!drains.contains(drain)) {
            return;
        }
        for (ShardState shard : drain.shards) {
            // First: a handler that is interrupted asks whether it is still the owner.
            shard.gone = true;
            detach(shard);
        }
        end(drain);
    }

    private boolean endIfDrained(Drain drain) {
        for (ShardState shard : drain.shards) {
            if (shard.started > 0) {
                return false;
            }
        }
        if (drains.contains(drain)) {
            end(drain);
        }
        return true;
    }

    private void end(Drain drain) {
        drains.remove(drain);
        List<Acknowledgement> acknowledgements = new ArrayList<>();
        for (ShardState shard : drain.shards) {
            if (!shard.lost) {
                acknowledgements.add(shard.tracker.snapshot(shard.shard));
            }
            shard.gone = true;
        }
        owned.removeAll(drain.shards);
        drain.result.complete(acknowledgements);
    }
}
