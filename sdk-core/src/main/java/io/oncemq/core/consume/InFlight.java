package io.oncemq.core.consume;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what is received and not settled, in all and of each shard. The source's thread adds before it hands a batch over, so
 * what waits in the inbox is counted too. Thread-safe.
 */
final class InFlight {
    /** What one shard has in flight. */
    static final class OfShard {
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();
    }

    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final int maxCount;
    private final long maxBytes;

    InFlight(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    void add(ShardState shard, int messages, long size) {
        count.addAndGet(messages);
        bytes.addAndGet(size);
        shard.inFlight.count.addAndGet(messages);
        shard.inFlight.bytes.addAndGet(size);
    }

    void remove(ShardState shard, int size) {
        count.decrementAndGet();
        bytes.addAndGet(-size);
        shard.inFlight.count.decrementAndGet();
        shard.inFlight.bytes.addAndGet(-size);
    }

    int count() {
        return count.get();
    }

    boolean full() {
        return count.get() >= maxCount || bytes.get() >= maxBytes;
    }

    /** Whether any shard can have reached its share. */
    boolean halfFull() {
        return count.get() >= maxCount / 2 || bytes.get() >= maxBytes / 2;
    }

    /** Looks at the shares of all shards of the subscription once. */
    Room room(Collection<ShardState> shards) {
        Shares counts = Shares.of(maxCount, shards.size());
        Shares sizes = Shares.of(maxBytes, shards.size());
        long countBeyond = 0;
        long bytesBeyond = 0;
        for (ShardState shard : shards) {
            countBeyond += counts.beyondOwn(shard.inFlight.count.get());
            bytesBeyond += sizes.beyondOwn(shard.inFlight.bytes.get());
        }
        return new Room(counts, sizes, countBeyond, bytesBeyond);
    }

    /** Whether there is room for more messages of a shard. */
    record Room(Shares counts, Shares sizes, long countBeyond, long bytesBeyond) {
        boolean full(ShardState shard) {
            return counts.full(shard.inFlight.count.get(), countBeyond)
                    || sizes.full(shard.inFlight.bytes.get(), bytesBeyond);
        }

        boolean roomy(ShardState shard) {
            return counts.roomy(shard.inFlight.count.get(), countBeyond)
                    && sizes.roomy(shard.inFlight.bytes.get(), bytesBeyond);
        }
    }
}
