package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.oncemq.Ordering;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
        shared = ordering == Ordering.UNORDERED && exists(connection, compete);
        return shared ? List.of(compete) : shards(connection);
    }

    private static boolean exists(Connection connection, String queue) throws IOException {
        Channel channel = Channels.on(connection);
        try {
            channel.queueDeclarePassive(queue);
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

    private List<String> shards(Connection connection) throws IOException {
        List<String> queues = new ArrayList<>();
        Channel channel = Channels.on(connection);
        try {
            while (true) {
                channel.exchangeDeclarePassive(RabbitNames.shardMarker(destination, queues.size()));
                queues.add(RabbitNames.queue(destination, group, queues.size()));
            }
        } catch (IOException e) {
            if (RabbitErrors.replyCode(e) != AMQP.NOT_FOUND) {
                throw e;
            }
            return queues;
        } finally {
            Channels.abort(channel);
        }
    }
}
