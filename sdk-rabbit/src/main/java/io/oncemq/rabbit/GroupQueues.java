package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.oncemq.Ordering;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** Which queues a group reads: one per shard of the destination, or the one for which its members compete. */
final class GroupQueues {
    private final String destination;
    private final String group;
    private final Ordering ordering;
    private volatile boolean shared;

    GroupQueues(String destination, String group, Ordering ordering) {
        this.destination = destination;
        this.group = group;
        this.ordering = ordering;
    }

    /** Whether the last look found that members compete. Thread-safe. */
    boolean isShared() {
        return shared;
    }

    /**
     * Empty if the destination does not exist. Whether the queues of its shards do is seen when they are consumed. Who asks for no order
     * also reads the queues of a group that was ensured with it. Blocks.
     */
    List<String> find(Connection connection) throws IOException {
        String compete = RabbitNames.sharedQueue(destination, group);
        shared = ordering == Ordering.UNORDERED && is(connection, channel -> channel.queueDeclarePassive(compete));
        return shared ? List.of(compete) : shards(connection);
    }

    private List<String> shards(Connection connection) throws IOException {
        if (!is(connection, channel -> channel.exchangeDeclarePassive(RabbitNames.exchange(destination)))) {
            return List.of();
        }
        int shards = ShardCount.of(shard ->
                is(connection, channel -> channel.exchangeDeclarePassive(RabbitNames.shardMarker(destination, shard))));
        return IntStream.range(0, shards)
                .mapToObj(shard -> RabbitNames.queue(destination, group, shard))
                .toList();
    }

    /** On a channel of its own, which the server closes with a no. */
    private static boolean is(Connection connection, Administration.Request<?> there) throws IOException {
        Channel channel = Channels.on(connection);
        try {
            there.on(channel);
            return true;
        } catch (IOException e) {
            if (RabbitErrors.replyCode(e) != AMQP.NOT_FOUND) {
                throw e;
            }
            return false;
        } finally {
            Channels.abort(channel);
        }
    }
}
