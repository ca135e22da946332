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
 * Belongs to one thread, but for {@link #isJoined}.
 */
final class Members {
    private static final Logger LOG = LoggerFactory.getLogger(Members.class);
    /** Each refusal costs the server a channel and a line in its log. */
    private static final int ROUNDS_AFTER_REFUSAL = 30;

    private final String queue;
    private final OpenChannels channels;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Channel channel;
    private boolean warned;
    private int roundsToRest;

    Members(String destination, String group, OpenChannels channels) {
        this.queue = RabbitNames.members(destination, group);
        this.channels = channels;
    }

    /** Whether others count this member already. Thread-safe. */
    boolean isJoined(Connection on) {
        Channel joined = channel;
        return joined != null && joined.isOpen() && connection == on;
    }

    /** This one included, and counted by the others from now on; 0 if that cannot be told. Blocks. */
    int count(Connection on) {
        if (roundsToRest > 0) {
            roundsToRest--;
            return 0;
        }
        try {
            return join(on).queueDeclarePassive(queue).getConsumerCount();
        } catch (IOException | ShutdownSignalException e) {
            leave();
            if (on.isOpen()) {
                roundsToRest = ROUNDS_AFTER_REFUSAL;
                warn(e);
            }
            return 0;
        }
    }

    private void warn(Exception e) {
        if (!warned) {
            warned = true;
            LOG.warn("members cannot be counted; shards stay where they are: queue={} cause={}", queue, e.toString());
        }
    }

    private Channel join(Connection on) throws IOException {
        Channel joined = channel;
        if (joined == null || !isJoined(on)) {
            leave();
            joined = channels.on(on);
            channel = joined;
            connection = on;
            joined.queueDeclare(queue, true, false, true, Map.of());
            joined.basicConsume(queue, true, new DefaultConsumer(joined));
        }
        return joined;
    }

    /** What came late to a question that was given up must not answer the next, nor stay open. */
    private void leave() {
        Channel joined = channel;
        channel = null;
        if (joined != null) {
            Channels.abort(joined);
        }
    }
}
