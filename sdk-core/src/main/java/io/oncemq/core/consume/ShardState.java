package io.oncemq.core.consume;

import io.oncemq.spi.Shard;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What the engine knows of one owned shard. Belongs to the event loop. */
final class ShardState {
    final Shard shard;
    final AckTracker tracker;
    /** Keys that hold so many messages that their shard has to wait. */
    final Set<Lane> chokedBy = new HashSet<>();

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

    /** Works let loose on a handler and not settled; a drain waits for them. */
    int started;

    ShardState(Shard shard) {
        this.shard = shard;
        this.tracker = new AckTracker(shard.acknowledgeMode());
    }
}
