package io.oncemq.jms;

import io.oncemq.jms.ActiveMqRegister.Known;
import io.oncemq.spi.support.Routes;
import jakarta.jms.JMSException;
import java.io.IOException;
import org.apache.activemq.command.ActiveMQTopic;

/**
 * Where one session may send to. The broker confirms what it gives to nobody, and makes a topic of every name; so the register is read before,
 * and again every few seconds, for whether a group keeps what is sent there. Blocks for the answer, so it has a thread of its own.
 */
final class ActiveMqRoutes implements Routes.LookUp<ActiveMqRoutes.Route> {
    private static final int POSITIVE = 0x7fffffff;

    /** A destination with a group: the topics of its shards. */
    record Route(ActiveMQTopic[] topics) {
        ActiveMQTopic of(int keyHash) {
            return topics[(keyHash & POSITIVE) % topics.length];
        }
    }

    private final ActiveMqLink link;

    /** @param link for questions alone, whose answers so wait for no message */
    ActiveMqRoutes(ActiveMqLink link) {
        this.link = link;
    }

    @Override
    public Route find(String destination) throws JMSException, IOException {
        Known found = ActiveMqRegister.read(link, destination);
        if (!found.exists() || found.groups().isEmpty()) {
            throw new LookUps.Unroutable(destination);
        }
        ActiveMQTopic[] topics = new ActiveMQTopic[found.shards()];
        for (int shard = 0; shard < topics.length; shard++) {
            topics[shard] = new ActiveMQTopic(ActiveMqNames.topic(destination, shard));
        }
        return new Route(topics);
    }
}
