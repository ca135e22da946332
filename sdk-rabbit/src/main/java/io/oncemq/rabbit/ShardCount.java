package io.oncemq.rabbit;

/** Finds how many shards a destination has by asking for few of their markers, see {@link RabbitNames#shardMarker}. */
final class ShardCount {
    /** Asks the server. */
    interface Markers<E extends Exception> {
        boolean has(int shard) throws E;
    }

    private ShardCount() {}

    /** Doubles until one is missing, then halves the gap. */
    static <E extends Exception> int of(Markers<E> markers) throws E {
        int there = -1;
        int missing = 0;
        while (markers.has(missing)) {
            there = missing;
            missing = 2 * missing + 1;
        }
        while (missing - there > 1) {
            int middle = (there + missing) >>> 1;
            if (markers.has(middle)) {
                there = middle;
            } else {
                missing = middle;
            }
        }
        return missing;
    }
}
