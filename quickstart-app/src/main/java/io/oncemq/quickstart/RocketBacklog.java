package io.oncemq.quickstart;

import io.oncemq.testkit.server.RocketServer;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.rocketmq.common.message.MessageQueue;

/** The offsets that the queues have reached, without those that the group has committed. */
final class RocketBacklog implements Backlog {
    private final RocketQueues asked;
    private final List<MessageQueue> queues;

    RocketBacklog(RocketServer server) {
        asked = new RocketQueues(server);
        queues = RocketBroker.queues(server);
    }

    @Override
    public long open() throws TimeoutException {
        long open = 0;
        for (MessageQueue queue : queues) {
            long committed = asked.committed(queue);
            open += asked.end(queue) - committed;
        }
        return open;
    }

    @Override
    public void close() {
        asked.close();
    }
}
