package io.oncemq.core.consume;

import io.oncemq.spi.Shard;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What the engine knows of one owned shard. Belongs to the event loop. */
final class ShardState {
    final Shard shard;
    final AckTracker tracker;
    /** Keys that hold so many messages that their shard has to wait. */
    final Set<Lane> chokedBy = new HashSet<>();

    /** What it has of the subscription's bounds. */
    final InFlight.OfShard inFlight = new InFlight.OfShard();
    /** Heads of lanes that are not claimed yet, in their order. */
    final Set<Work> heads = new LinkedHashSet<>();
    /** Of each lane whose head is claimed, the message that is to be claimed next, at most. */
    final Set<Work> behind = new LinkedHashSet<>();
    /** Messages that are claimed, or about to be, and not started. */
    int ahead;
    /** Those of them that were the head of their lane when they were claimed. */
    int headsAhead;

    boolean full;
    boolean paused;
    /** The intake has paused it by itself; a resume of the loop may have come before or after. */
    boolean pauseInDoubt;
    /** Messages that the intake has posted and the loop has not seen yet. */
    final AtomicInteger waiting = new AtomicInteger();

    boolean dirty;
    /** No further handler starts for its messages. */
    boolean leaving;
    /** Another owner has it: nothing is acknowledged any more. Read by the intake to drop what comes late. */
    volatile boolean gone;

    /** Gone without a drain that ended: another owner has it, and nothing may be acknowledged for it. */
    volatile boolean lost;

    /** Works let loose on a handler and not settled; a drain waits for them. */
    int started;

    ShardState(Shard shard) {
        this.shard = shard;
        this.tracker = new AckTracker(shard.acknowledgeMode());
    }

    void lose() {
        lost = true;
        gone = true;
    }
}
