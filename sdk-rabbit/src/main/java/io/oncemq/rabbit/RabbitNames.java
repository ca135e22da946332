package io.oncemq.rabbit;

import io.oncemq.Ordering;
import java.time.Duration;

/**
 * What a destination consists of on the broker. Messages go to a direct exchange of the destination's name under the routing key
 * {@code shard/shards}, so that a publisher which counts shards otherwise reaches nobody instead of the wrong shard. Each group has a
 * queue per shard bound to it, or a single one bound to all where it asks for no order. An exchange per shard, to which nothing is bound,
 * only says by its existence that the shard does.
 */
final class RabbitNames {
    private RabbitNames() {}

    static String exchange(String destination) {
        return destination;
    }

    static String routingKey(int shard, int shards) {
        return shard + "/" + shards;
    }

    static String shardMarker(String destination, int shard) {
        return destination + ".shard." + shard;
    }

    /** The queue of one shard of a group that keeps order per key. */
    static String queue(String destination, String group, int shard) {
        return destination + "." + group + "." + shard;
    }

    /** The queue for which the members of a group compete, see {@link Ordering#UNORDERED}. */
    static String sharedQueue(String destination, String group) {
        return destination + "." + group;
    }

    /** The stream in which a shard's messages stay when the groups have read them. */
    static String history(String destination, int shard) {
        return destination + ".history." + shard;
    }

    /** An exclusive queue: whose connection has it may replay that history for that reader. */
    static String replayLock(String history, String reader) {
        return history + "." + reader + ".lock";
    }

    /** Exchange and queue of the messages that wait for so long before they go to the destination's exchange. */
    static String delay(String destination, Duration delay) {
        return destination + ".delay." + delay.toMillis();
    }

    /** On which each member of a group has a consumer, and nothing is ever published: the broker counts the members there. */
    static String members(String destination, String group) {
        return destination + "." + group + ".members";
    }
}
