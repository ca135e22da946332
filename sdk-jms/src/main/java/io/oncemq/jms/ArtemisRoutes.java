package io.oncemq.jms;

import io.oncemq.spi.support.Routes;
import jakarta.jms.JMSException;
import jakarta.jms.Topic;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;

/**
 * Where one session may send to. The broker confirms what it gives to nobody, and creates an address that does not exist; so it is asked
 * before, and again every few seconds, whether a group keeps what is sent there. Blocks for the answer, so it has a thread of its own.
 */
final class ArtemisRoutes implements Routes.LookUp<ArtemisRoutes.Route> {
    /** Such a queue alone is of a group that is not complete yet. */
    private static final Pattern LATER_SHARD = Pattern.compile("[^/]+/[^/]+/[1-9]\\d*");

    /** An address with a group. */
    record Route(Topic topic) {}

    private final ActiveMQSession questions;

    /** @param questions for these alone: a session serves one thread */
    ArtemisRoutes(ActiveMQSession questions) {
        this.questions = questions;
    }

    @Override
    public Route find(String destination) throws JMSException {
        if (!isKept(destination)) {
            throw new LookUps.Unroutable(destination);
        }
        return new Route(questions.createTopic(destination));
    }

    private boolean isKept(String destination) {
        try {
            ClientSession.AddressQuery answer = questions.getCoreSession().addressQuery(SimpleString.of(destination));
            return answer.isExists()
                    && answer.getQueueNames().stream()
                            .anyMatch(queue ->
                                    !LATER_SHARD.matcher(queue.toString()).matches());
        } catch (ActiveMQException e) {
            throw ArtemisErrors.translate("asking for " + destination, e);
        }
    }
}
