package io.oncemq.jms;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the members of a group know that another one has no shard. A broker leaves an exclusive queue with the consumer that has it, so somebody
 * who comes later would get none. Each member hears of others on a topic of the group that keeps nothing.
 */
final class ArtemisNews {
    private static final Logger LOG = LoggerFactory.getLogger(ArtemisNews.class);
    private static final String WHO = "oncemq_member";

    private final String me = UUID.randomUUID().toString();
    private final Session speaking;
    private final Topic topic;

    /** Listens on a session of its own. @param come what to do on the client's thread when a member asks for a share */
    ArtemisNews(SharedLink<ArtemisLink>.Seat seat, String name, Runnable come) throws JMSException {
        Session listening = seat.link.connection.createSession();
        seat.holds(listening::close);
        this.speaking = seat.link.connection.createSession();
        seat.holds(speaking::close);
        MessageConsumer consumer = listening.createConsumer(listening.createTopic(name), null, false);
        consumer.setMessageListener(message -> hear(message, come));
        this.topic = speaking.createTopic(name);
    }

    /** Members of one process share a connection, so that the broker cannot tell which of them has sent it. */
    private void hear(Message message, Runnable come) {
        try {
            if (me.equals(message.getStringProperty(WHO))) {
                return;
            }
        } catch (JMSException e) {
            LOG.debug("the sender of news cannot be read: {}", e.toString());
        }
        come.run();
    }

    /** Asks for a share. */
    void announce() throws JMSException {
        try (MessageProducer producer = speaking.createProducer(topic)) {
            Message news = speaking.createMessage();
            news.setStringProperty(WHO, me);
            producer.send(news, DeliveryMode.NON_PERSISTENT, Message.DEFAULT_PRIORITY, Message.DEFAULT_TIME_TO_LIVE);
        }
    }
}
