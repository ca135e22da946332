package io.oncemq.rabbit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many members a group has. The broker does not count those that wait for a queue with a single active consumer, so each member also
 * consumes a queue to which nothing is published and which the broker deletes after the last one. Who may not declare it does not balance.
 * Belongs to one thread.
 */
final class Members {
    private static final Logger LOG = LoggerFactory.getLogger(Members.class);

    private final String queue;
    private @Nullable Connection connection;
    private @Nullable Channel channel;
    private boolean warned;

    Members(String destination, String group) {
        this.queue = RabbitNames.members(destination, group);
    }

    /** This one included; 0 if that cannot be told. Blocks. */
    int count(Connection on) {
        try {
            return join(on).queueDeclarePassive(queue).getConsumerCount();
        } catch (IOException | ShutdownSignalException e) {
            if (on.isOpen() && !warned) {
                warned = true;
                LOG.warn("The members of {} cannot be counted, so shards stay where they are: {}", queue, e.toString());
            }
            channel = null;
            return 0;
        }
    }

    private Channel join(Connection on) throws IOException {
        Channel joined = channel;
        if (joined == null || !joined.isOpen() || connection != on) {
            joined = Channels.on(on);
            joined.queueDeclare(queue, true, false, true, Map.of());
            joined.basicConsume(queue, true, new DefaultConsumer(joined));
            channel = joined;
            connection = on;
        }
        return joined;
    }
}
