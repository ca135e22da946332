package io.oncemq.core.consume;

import io.oncemq.Ordering;
import io.oncemq.spi.RecordId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom: each message for the one before it in its lane, a duplicate for its leader, a handler for a slot. Letting
 * a message go gives all of that back and starts who is next. Belongs to the event loop.
 */
final class Lanes {
    private final SubscriptionSpec spec;
    private final Claims claims;
    private final InFlight inFlight;
    private final Consumer<Work> starter;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<RecordId, Work> leaders = new HashMap<>();
    private final Slots slots;
    private @Nullable Handover handover;

    /** @param starter starts the head of a lane that is ready */
    Lanes(SubscriptionSpec spec, Claims claims, InFlight inFlight, Consumer<Work> starter) {
        this.spec = spec;
        this.claims = claims;
        this.inFlight = inFlight;
        this.starter = starter;
        this.slots = new Slots(spec.concurrency());
    }

    void handover(Handover handover) {
        this.handover = handover;
    }

    /** Puts a message behind the others of its key. */
    void add(Work work) {
        ShardState shard = work.shard;
        shard.tracker.delivered(work);
        Lane lane = laneOf(work);
        lane.add(work);
        if (lane.key != null && lane.size() >= spec.keyShare()) {
            shard.chokedBy.add(lane);
            lane.choking = true;
        }
    }

    private Lane laneOf(Work work) {
        String key = spec.ordering() == Ordering.PER_KEY ? work.message.key() : null;
        return key == null ? new Lane(null) : lanes.computeIfAbsent(key, Lane::new);
    }

    /** Claims it, or lets it wait for the one of the same id that is in flight already. */
    void lead(Work work) {
        Work leader = leaders.putIfAbsent(work.record(), work);
        if (leader == null) {
            claims.claim(work);
        } else {
            work.stage = Stage.FOLLOWING;
            leader.follow(work);
        }
    }

    /** How many keys have messages here. */
    int count() {
        return lanes.size();
    }

    void startIfHead(Work work) {
        Lane lane = work.lane;
        if (lane != null && lane.head() == work) {
            starter.accept(work);
        }
    }

    /** Whether it has a slot; without one it is started again when a slot is given back. */
    boolean takeSlot(Work work) {
        return slots.take(work);
    }

    void giveSlotBack(Work work) {
        slots.giveBack(work);
        for (Work next = slots.next(); next != null; next = slots.next()) {
            starter.accept(next);
        }
    }

    /** A drain of its shard waits for it from now on. */
    static void count(Work work) {
        if (!work.counted) {
            work.counted = true;
            work.shard.started++;
        }
    }

    void uncount(Work work) {
        if (work.counted) {
            work.counted = false;
            work.shard.started--;
            if (work.shard.leaving && handover != null) {
                handover.ended(work.shard);
            }
        }
    }

    /** Lets a message go that has no handler running: the next owner takes it at once. */
    void drop(Work work) {
        boolean release = work.claimed && work.stage != Stage.CLAIMING && work.stage != Stage.STARTING;
        if (release && work.verdict == Work.Verdict.HANDLE) {
            claims.release(work);
        }
        finish(work, false);
    }

    void finish(Work work, boolean acknowledge) {
        if (work.stage == Stage.SETTLED) {
            return;
        }
        work.stage = Stage.SETTLED;
        claims.forget(work);
        ShardState shard = work.shard;
        if (acknowledge && !work.detached && !shard.gone) {
            shard.tracker.settle(work.sequence);
            shard.dirty = true;
        }
        inFlight.remove(work.message.size());
        if (work.identity.record() != null) {
            promoteFollower(work);
        }
        giveSlotBack(work);
        uncount(work);
        if (work.lane != null) {
            advance(work.lane);
        }
    }

    /** The followers of a message go on by themselves: the store knows by now what became of the id. */
    private void promoteFollower(Work leader) {
        if (!leaders.remove(leader.record(), leader) || leader.followers == null) {
            return;
        }
        Work next = null;
        for (Work follower : leader.followers) {
            if (follower.stage != Stage.FOLLOWING) {
                continue;
            }
            if (next == null) {
                next = follower;
                leaders.put(next.record(), next);
                claims.claim(next);
            } else {
                next.follow(follower);
            }
        }
        leader.followers = null;
    }

    private void advance(Lane lane) {
        Work head = lane.head();
        boolean moved = false;
        while (head != null && head.stage == Stage.SETTLED) {
            lane.removeHead();
            moved = true;
            head = lane.head();
        }
        // Several may have gone at once: those that turned out to be duplicates were settled before their turn came.
        if (lane.choking && lane.size() <= spec.keyShare() / 2 && handover != null) {
            lane.choking = false;
            handover.unchoke(lane);
        }
        if (head == null) {
            if (lane.key != null) {
                lanes.remove(lane.key, lane);
            }
        } else if (moved && head.stage == Stage.READY) {
            starter.accept(head);
        }
    }
}
