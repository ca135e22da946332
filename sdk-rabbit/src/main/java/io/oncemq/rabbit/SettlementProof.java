package io.oncemq.rabbit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that a quorum queue has seen the acknowledgements that were written on a channel (Q13). The broker's side of a channel keeps
 * some back while many are under way, and forgets them if the channel closes. A second consumer is a command that the queue's log answers
 * in turn: when the first is accepted, all that was under way is applied and its receipts lie before the channel, which then sends what it
 * kept; when the next one is accepted, that is applied too. Asking for the queue's state proves nothing, since it does not go
 * through the log.
 */
final class SettlementProof {
    private static final Logger LOG = LoggerFactory.getLogger(SettlementProof.class);

    private SettlementProof() {}

    /** The channel is good for nothing but closing afterwards. Blocks for two round trips. */
    static void await(Channel channel, String queue) {
        try {
            channel.basicQos(1);
            channel.basicConsume(queue, false, new DefaultConsumer(channel));
            channel.basicConsume(queue, false, new DefaultConsumer(channel));
        } catch (IOException | ShutdownSignalException e) {
            LOG.warn(
                    "the last acknowledgements may be lost; some messages are repeated: queue={} cause={}",
                    queue,
                    e.toString());
        }
    }
}
