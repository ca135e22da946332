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

    GroupQueues(String destination, String group, Ordering ordering) {
        this.destination = destination;
        this.group = group;
        this.ordering = ordering;
    }

    boolean isShared() {
        return ordering == Ordering.UNORDERED;
    }

    /** Empty if the destination does not exist. Whether the queues do is seen when they are consumed. Blocks. */
    List<String> find(Connection connection) throws IOException {
        if (isShared()) {
            return List.of(RabbitNames.sharedQueue(destination, group));
        }
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
