package io.oncemq.jms;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.Topic;

/**
 * Lets the members of a group know that another one has no shard. A broker leaves an exclusive queue with the consumer that has it, so somebody
 * who comes later would get none. Each member hears of others on a topic of the group that keeps nothing.
 */
final class ArtemisNews {
    private final Session speaking;
    private final Topic topic;

    /** Listens on a session of its own. @param come what to do on the client's thread when a member asks for a share */
    ArtemisNews(ArtemisLink link, String name, Runnable come) throws JMSException {
        Session listening = link.connection.createSession();
        MessageConsumer consumer = listening.createConsumer(listening.createTopic(name), null, true);
        consumer.setMessageListener(message -> come.run());
        this.speaking = link.connection.createSession();
        this.topic = speaking.createTopic(name);
    }

    /** Asks for a share. */
    void announce() throws JMSException {
        try (MessageProducer producer = speaking.createProducer(topic)) {
            producer.send(
                    speaking.createMessage(),
                    DeliveryMode.NON_PERSISTENT,
                    Message.DEFAULT_PRIORITY,
                    Message.DEFAULT_TIME_TO_LIVE);
        }
    }
}
