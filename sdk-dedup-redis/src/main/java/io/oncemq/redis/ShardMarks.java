package io.oncemq.redis;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** What one opened group knows of its shards' markers. Thread-safe. */
final class ShardMarks {
    private final AtomicReferenceArray<ShardMark> marks;

    /** @param known whether every shard of the group is known to have been opened before */
    ShardMarks(int shards, boolean known) {
        this.marks = new AtomicReferenceArray<>(shards);
        for (int shard = 0; shard < shards; shard++) {
            marks.set(shard, ShardMark.unseen(known));
        }
    }

    ShardMark of(int shard) {
        return marks.get(shard);
    }

    /** @return whether this reply is the first to tell of a loss of data */
    boolean tellsOfLoss(int shard, ShardCall.Reply reply) {
        ShardMark before = marks.getAndUpdate(shard, mark -> mark.after(reply.marker(), reply.lastToken()));
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
