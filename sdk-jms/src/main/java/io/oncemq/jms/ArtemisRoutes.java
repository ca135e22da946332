package io.oncemq.jms;

import jakarta.jms.JMSException;
import jakarta.jms.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.jspecify.annotations.Nullable;

/**
 * Where one session may send to. The broker confirms what it gives to nobody, and creates an address that does not exist; so it is asked
 * before, and again every few seconds, whether a group keeps what is sent there. Belongs to the engine's thread.
 */
final class ArtemisRoutes {
    private static final long GOOD_NANOS = Duration.ofSeconds(5).toNanos();

    /** Such a queue alone is of a group that is not complete yet. */
    private static final Pattern LATER_SHARD = Pattern.compile("[^/]+/[^/]+/[1-9]\\d*");

    /** An address with a group. */
    private record Route(Topic topic, long asked) {}

    private final ActiveMQSession session;
    private final Map<String, Route> routes = new HashMap<>();

    ArtemisRoutes(ActiveMQSession session) {
        this.session = session;
    }

    /** Null if nobody would get the message. May block for an answer of the broker. */
    @Nullable
    Topic to(String destination) throws JMSException {
        long now = System.nanoTime();
        Route known = routes.get(destination);
        if (known != null && now - known.asked < GOOD_NANOS) {
            return known.topic;
        }
        if (!isKept(destination)) {
            routes.remove(destination);
            return null;
        }
        Topic topic = known == null ? session.createTopic(destination) : known.topic;
        routes.put(destination, new Route(topic, now));
        return topic;
    }

    private boolean isKept(String destination) {
        try {
            ClientSession.AddressQuery answer = session.getCoreSession().addressQuery(SimpleString.of(destination));
            return answer.isExists()
                    && answer.getQueueNames().stream()
                            .anyMatch(queue ->
                                    !LATER_SHARD.matcher(queue.toString()).matches());
        } catch (ActiveMQException e) {
            throw ArtemisErrors.translate("asking for " + destination, e);
        }
    }
}
