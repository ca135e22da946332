package io.oncemq.core.consume;

import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many messages are claimed and not yet started. A process that dies keeps others from what it has claimed until its
 * leases lapse, so it claims only as far ahead as round trips to the store and the handlers need. Each shard has a share, so
 * that messages which wait for a retry, or for another owner, do not keep the messages of other shards unclaimed. Belongs to
 * the event loop.
 *
 * <p>Within a shard the rule is: <b>the head of a lane finds the window full of heads only.</b> A head that was claimed and has
 * not started waits for the store or for a free handler, never for another message, so such heads always go on; one that waits
 * for a retry or for another owner, or is being handled, has no place in the window. A message behind the head is claimed only
 * while all that is claimed ahead, heads and others, is below the bound, and its lane has fewer than {@value #OF_A_LANE}. So
 * what is claimed behind the heads of keys that retry or are slow, however many they are, keeps the head of no other key
 * unclaimed; at worst other keys are claimed one message at a time. Both together are at most twice the bound.
 *
 * <p>Heads are claimed in their order, and so are the messages of a lane, of which one at a time stands here. What finds no
 * room in its lane is offered again when the lane advances, and a message that becomes the head then is claimed without regard
 * to the bound.
 */
final class ClaimWindow {
    /** Of one shard at a time, so that all get their turn. */
    private static final int ROUND = 16;

    static final int OF_A_LANE = 16;

    private final int bound;
    private List<ShardState> owned = List.of();
    private boolean waiting;

    ClaimWindow(int bound) {
        this.bound = bound;
    }

    /** @param shards a live list of the shards that are owned */
    void over(List<ShardState> shards) {
        this.owned = shards;
    }

    /** Lets the next unclaimed message of the lane wait for its claim, if the lane has room. */
    void offer(@Nullable Lane lane) {
        Work next = lane == null ? null : lane.nextUnclaimed();
        if (lane == null || next == null || next.shard.leaving) {
            return;
        }
        if (lane.head() == next) {
            waiting |= next.shard.heads.add(next);
        } else if (lane.ahead < OF_A_LANE) {
            waiting |= next.shard.behind.add(next);
        }
    }

    void remove(Work work) {
        work.shard.heads.remove(work);
        work.shard.behind.remove(work);
    }

    /** @param claimer claims a message at once */
    void claim(Consumer<Work> claimer) {
        if (!waiting) {
            return;
        }
        Shares shares = Shares.of(bound, owned.size());
        boolean more = true;
        while (more) {
            more = false;
            waiting = false;
            // The heads first: they can start.
            long beyond = 0;
            for (ShardState shard : owned) {
                beyond += shares.beyondOwn(shard.headsAhead);
            }
            for (ShardState shard : owned) {
                for (int i = 0; i < ROUND && !shard.heads.isEmpty() && !shares.full(shard.headsAhead, beyond); i++) {
                    beyond -= shares.beyondOwn(shard.headsAhead);
                    claimFirst(shard.heads, claimer);
                    beyond += shares.beyondOwn(shard.headsAhead);
                    more = true;
                }
                waiting |= !shard.heads.isEmpty();
            }
            more = more || claimBehind(shares, claimer);
        }
    }

    private boolean claimBehind(Shares shares, Consumer<Work> claimer) {
        boolean more = false;
        long beyond = 0;
        for (ShardState shard : owned) {
            beyond += shares.beyondOwn(shard.ahead);
        }
        for (ShardState shard : owned) {
            for (int i = 0; i < ROUND && !shard.behind.isEmpty() && !shares.full(shard.ahead, beyond); i++) {
                beyond -= shares.beyondOwn(shard.ahead);
                claimFirst(shard.behind, claimer);
                beyond += shares.beyondOwn(shard.ahead);
                more = true;
            }
            waiting |= !shard.behind.isEmpty();
        }
        return more;
    }

    private void claimFirst(Set<Work> works, Consumer<Work> claimer) {
        Iterator<Work> first = works.iterator();
        Work work = first.next();
        first.remove();
        claimer.accept(work);
        offer(work.lane);
    }
}
