package io.oncemq.jms;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.UUID;
import org.apache.activemq.ScheduledMessage;

/**
 * What can be found out of a broker that tells nothing of its configuration: by trying. A message with a delay and one without are sent to a
 * virtual topic. If the one without comes first there is a scheduler; without a scheduler the broker ignores a delay. On a slow disk the one
 * with a delay may come first all the same, and then it names its job.
 *
 * @param virtualTopics whether what is sent to a virtual topic comes to the queues of its groups
 * @param scheduler whether a delay is kept
 */
record ActiveMqProbe(boolean virtualTopics, boolean scheduler) {
    private static final String TOPIC = "VirtualTopic.oncemq.probe";
    private static final String QUEUE = "Consumer.oncemq." + TOPIC;
    private static final String MINE = "oncemq_probe";
    private static final String DELAYED = "oncemq_delayed";
    private static final int DELAY_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 10_000;
    private static final int LIFE_MILLIS = 20_000;

    /** Blocks. */
    static ActiveMqProbe of(ActiveMqLink link) throws JMSException {
        String mine = UUID.randomUUID().toString();
        try (Session session = link.connection.createSession();
                MessageConsumer consumer =
                        session.createConsumer(session.createQueue(QUEUE), MINE + " = '" + mine + "'");
                MessageProducer producer = session.createProducer(session.createTopic(TOPIC))) {
            producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            producer.setTimeToLive(LIFE_MILLIS);
            for (boolean delayed : new boolean[] {true, false}) {
                Message message = session.createMessage();
                message.setStringProperty(MINE, mine);
                message.setBooleanProperty(DELAYED, delayed);
                if (delayed) {
                    message.setLongProperty(ScheduledMessage.AMQ_SCHEDULED_DELAY, DELAY_MILLIS);
                }
                producer.send(message);
            }
            Message first = consumer.receive(ANSWER_MILLIS);
            return new ActiveMqProbe(first != null, first != null && isKept(first));
        }
    }

    private static boolean isKept(Message first) throws JMSException {
        return !first.getBooleanProperty(DELAYED) || first.propertyExists(ScheduledMessage.AMQ_SCHEDULED_ID);
    }
}
