package io.oncemq.core.consume;

/**
 * A bound that the shards of a subscription share: half of it is divided among them, the other half is for whichever needs more.
 * So one shard can use most of the bound while the others are quiet, and none that is stuck can take the room of the others.
 *
 * <p>The shares together stay within the bound unless there are more shards than half the bound: each has at least one, so 400
 * shards of a bound of 100 can have 400 and the common 50.
 *
 * @param own what each shard may use whatever the others do; at least 1
 * @param common what all may use together beyond their own
 */
record Shares(long own, long common) {
    static Shares of(long bound, int shards) {
        return new Shares(Math.max(1, bound / 2 / Math.max(1, shards)), Math.max(1, bound - bound / 2));
    }

    /** How much of the common half a shard uses that uses {@code mine} in all. */
    long beyondOwn(long mine) {
        return Math.max(0, mine - own);
    }

    /** @param beyond the sum of {@link #beyondOwn} over all shards */
    boolean full(long mine, long beyond) {
        return mine >= own && beyond >= common;
    }

    /** Well below the bound, so that a source is not paused and resumed for every message. */
    boolean roomy(long mine, long beyond) {
        return mine <= own / 4 * 3 || beyond <= common / 2;
    }
}
