package io.oncemq.jms;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the members of a group hear of each other on a topic that keeps nothing. The broker leaves an exclusive queue with the consumer that has it,
 * and tells nobody how many wait for it. So whoever has nothing says so, and all others answer that they are here, from which each knows how
 * many they are. Thread-safe.
 */
final class ActiveMqNews {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveMqNews.class);
    private static final String WHO = "oncemq_member";
    private static final String ASKS = "oncemq_asks";

    private final String me = UUID.randomUUID().toString();
    private final Set<String> others = new HashSet<>();
    private final Runnable asked;
    private final Session speaking;
    private final MessageProducer producer;

    /** @param asked what to do on the client's thread when another member asks for a share */
    ActiveMqNews(SharedLink<ActiveMqLink>.Seat seat, String topic, Runnable asked) throws JMSException {
        this.asked = asked;
        this.speaking = seat.link.connection.createSession();
        seat.holds(speaking::close);
        this.producer = speaking.createProducer(speaking.createTopic(topic));
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        Session listening = seat.link.connection.createSession();
        seat.holds(listening::close);
        MessageConsumer consumer = listening.createConsumer(listening.createTopic(topic), null, false);
        consumer.setMessageListener(this::hear);
    }

    private void hear(Message message) {
        try {
            String who = message.getStringProperty(WHO);
            if (me.equals(who)) {
                return;
            }
            boolean asks = message.getBooleanProperty(ASKS);
            heard(who, asks);
            if (asks) {
                say(false);
                asked.run();
            }
        } catch (JMSException e) {
            LOG.debug("a notice of a member is lost: cause={}", e.toString());
        }
    }

    private synchronized void heard(String who, boolean asks) {
        if (asks) {
            others.clear();
        }
        others.add(who);
    }

    /** With this one; as many as have answered since one asked last. */
    synchronized int members() {
        return others.size() + 1;
    }

    /** Asks for a share. */
    void ask() throws JMSException {
        say(true);
    }

    private synchronized void say(boolean asks) throws JMSException {
        Message message = speaking.createMessage();
        message.setStringProperty(WHO, me);
        message.setBooleanProperty(ASKS, asks);
        producer.send(message);
    }
}
