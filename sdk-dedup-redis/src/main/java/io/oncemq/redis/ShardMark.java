package io.oncemq.redis;

/**
 * By what a caller recognises that a shard still has the data that it knew.
 *
 * @param marker drawn when the shard's record was made; 0 if the caller has never seen one
 * @param token the last fencing token that the caller was given under that marker
 * @param known whether the shard is known to have had a marker before, though this caller has not seen it
 * @param at monotonic nanoseconds before the last call that was answered, or when it was found out that it is known
 */
record ShardMark(long marker, long token, boolean known, long at) {
    static ShardMark unseen(boolean known, long at) {
        return new ShardMark(0, 0, known, at);
    }

    /** Answers may come in another order than the shard gave them; markers and tokens only grow. */
    ShardMark after(long seenMarker, long seenToken, long sent) {
        if (seenMarker < marker) {
            return this;
        }
        return new ShardMark(
                seenMarker,
                seenMarker == marker ? Math.max(token, seenToken) : seenToken,
                false,
                sent - at > 0 ? sent : at);
    }

    /** What is left of it at a later time: nothing, if the shard's record may have expired since. */
    ShardMark at(long now, long validNanos) {
        return now - at > validNanos ? unseen(false, now) : this;
    }
}
