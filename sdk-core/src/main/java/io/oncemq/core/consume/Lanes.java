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
    private boolean givingBack;

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
        Lane lane = work.lane;
        if (leader == null) {
            if (lane != null) {
                claims.claimInTurn(lane);
            }
        } else {
            work.move(WorkEvent.SAME_ID_IN_FLIGHT);
            leader.follow(work);
        }
    }

    /** How many keys have messages here. */
    int count() {
        return lanes.size();
    }

    void startIfHead(Work work) {
        Work head = work.lane == null ? null : work.lane.head();
        if (head == work) {
            starter.accept(work);
        } else if (head != null) {
            claimHead(head);
        }
    }

    /** Others of its lane wait for it, so it is claimed whether there is room or not. */
    private void claimHead(Work head) {
        if (head.stage() == Stage.WAITING && !head.shard.leaving) {
            claims.claimHead(head);
        }
    }

    /** Whether it has a slot; without one it is started again when a slot is given back. */
    boolean takeSlot(Work work) {
        return slots.take(work);
    }

    void giveSlotBack(Work work) {
        slots.giveBack(work);
        if (givingBack) {
            // What is started below has given one back: the loop there continues with it.
            return;
        }
        givingBack = true;
        try {
            for (Work next = slots.next(); next != null; next = slots.next()) {
                starter.accept(next);
            }
        } finally {
            givingBack = false;
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
        if (work.claimed && !work.awaited) {
            claims.release(work);
        }
        leave(work);
    }

    /** Lets a message go whose claim must lapse. */
    void leave(Work work) {
        end(work, WorkEvent.DROP, false);
    }

    /** The message is settled: it may be acknowledged. */
    void finish(Work work, WorkEvent event) {
        end(work, event, true);
    }

    private void end(Work work, WorkEvent event, boolean acknowledge) {
        work.move(event);
        claims.forget(work);
        ShardState shard = work.shard;
        if (acknowledge && !work.detached && !shard.gone) {
            shard.tracker.settle(work.sequence);
            shard.dirty = true;
        } else {
            shard.tracker.drop(work.sequence);
        }
        inFlight.remove(shard, work.message.size());
        if (work.identity.record() != null) {
            work.unfollow();
            promoteFollower(work);
        }
        giveSlotBack(work);
        uncount(work);
        Lane lane = work.lane;
        if (lane != null) {
            advance(lane, work);
        }
    }

    /** The followers of a message go on by themselves: the store knows by now what became of the id. */
    private void promoteFollower(Work leader) {
        if (!leaders.remove(leader.record(), leader) || leader.followers == null) {
            return;
        }
        Work next = null;
        for (Work follower : leader.followers) {
            if (next == null) {
                next = follower;
                next.leader = null;
                leaders.put(next.record(), next);
                claims.claim(next, WorkEvent.MAY_CLAIM);
            } else {
                next.follow(follower);
            }
        }
        leader.followers = null;
    }

    private void advance(Lane lane, Work settled) {
        boolean moved = lane.head() == settled;
        lane.remove(settled);
        Work head = lane.head();
        if (lane.choking && lane.size() <= spec.keyShare() / 2 && handover != null) {
            lane.choking = false;
            handover.unchoke(lane);
        }
        if (head == null) {
            if (lane.key != null) {
                lanes.remove(lane.key, lane);
            }
        } else if (moved && head.stage() == Stage.READY) {
            starter.accept(head);
        } else if (moved) {
            claimHead(head);
        }
        if (head != null) {
            claims.claimInTurn(lane);
        }
    }
}
