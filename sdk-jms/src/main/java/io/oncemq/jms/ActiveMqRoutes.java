package io.oncemq.jms;

import io.oncemq.jms.ActiveMqRegister.Known;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.activemq.command.ActiveMQTopic;
import org.jspecify.annotations.Nullable;

/**
 * Where one session may send to. The broker confirms what it gives to nobody, and makes a topic of every name; so the register is read before,
 * and again every few seconds, for whether a group keeps what is sent there. Belongs to the engine's thread.
 */
final class ActiveMqRoutes {
    private static final long GOOD_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int POSITIVE = 0x7fffffff;

    /** A destination with a group: the topics of its shards. */
    record Route(ActiveMQTopic[] topics, long asked) {
        ActiveMQTopic of(int keyHash) {
            return topics[(keyHash & POSITIVE) % topics.length];
        }
    }

    private final ActiveMqLink link;
    private final Map<String, Route> routes = new HashMap<>();

    /** @param link for questions alone, whose answers so wait for no message */
    ActiveMqRoutes(ActiveMqLink link) {
        this.link = link;
    }

    /** Null if nobody would get the message. May block for an answer of the broker. */
    @Nullable
    Route to(String destination) throws JMSException, IOException {
        long now = System.nanoTime();
        Route known = routes.get(destination);
        if (known != null && now - known.asked < GOOD_NANOS) {
            return known;
        }
        Known found = ActiveMqRegister.read(link, destination);
        if (!found.exists() || found.groups().isEmpty()) {
            routes.remove(destination);
            return null;
        }
        ActiveMQTopic[] topics = new ActiveMQTopic[found.shards()];
        for (int shard = 0; shard < topics.length; shard++) {
            topics[shard] = new ActiveMQTopic(ActiveMqNames.topic(destination, shard));
        }
        Route fresh = new Route(topics, now);
        routes.put(destination, fresh);
        return fresh;
    }
}
