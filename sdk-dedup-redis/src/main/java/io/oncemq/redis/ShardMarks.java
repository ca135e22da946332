package io.oncemq.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/** What one opened group knows of its shards' markers. Thread-safe. */
final class ShardMarks {
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final AtomicReferenceArray<ShardMark> marks;
    private final LongSupplier ticker;
    private final long validNanos;

    /**
     * @param known whether every shard of the group is known to have been opened before
     * @param ticker monotonic nanoseconds
     */
    ShardMarks(int shards, boolean known, GroupSettings settings, LongSupplier ticker) {
        this.marks = new AtomicReferenceArray<>(shards);
        this.ticker = ticker;
        // Records of an instance live for twice that after each call (claims.lua); others for good.
        Duration valid = settings.instance() ? settings.rememberFor() : FOREVER;
        this.validNanos = (valid.compareTo(FOREVER) < 0 ? valid : FOREVER).toNanos();
        for (int shard = 0; shard < shards; shard++) {
            marks.set(shard, ShardMark.unseen(known, ticker.getAsLong()));
        }
    }

    /** For a call that begins now. */
    ShardMark of(int shard) {
        long now = ticker.getAsLong();
        return marks.updateAndGet(shard, mark -> mark.at(now, validNanos));
    }

    /**
     * @param sent monotonic nanoseconds, before the call was sent
     * @return whether this reply is the first to tell of a loss of data
     */
    boolean tellsOfLoss(int shard, ShardCall.Reply reply, long sent) {
        ShardMark before = marks.getAndUpdate(shard, mark -> mark.after(reply.marker(), reply.lastToken(), sent));
        return reply.lost() && before.marker() < reply.marker();
    }

    boolean complete() {
        for (int shard = 0; shard < marks.length(); shard++) {
            if (marks.get(shard).marker() == 0) {
                return false;
            }
        }
        return true;
    }
}
