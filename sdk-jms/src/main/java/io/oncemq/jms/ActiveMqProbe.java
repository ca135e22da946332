package io.oncemq.jms;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.List;
import java.util.UUID;
import org.apache.activemq.ScheduledMessage;
import org.apache.activemq.command.ActiveMQQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be found out of a broker that tells nothing of its configuration: by trying. A message with a delay and one without are sent to a
 * virtual topic. If the one without comes first there is a scheduler; without a scheduler the broker ignores a delay. On a slow disk the one
 * with a delay may come first all the same, and then it names its job.
 *
 * <p>The queue is removed afterwards, unless another client uses it. It may be removed in the moment in which another client subscribes to it, so a
 * probe that receives nothing is repeated.
 *
 * @param virtualTopics whether what is sent to a virtual topic comes to the queues of its groups
 * @param scheduler whether a delay is kept
 */
record ActiveMqProbe(boolean virtualTopics, boolean scheduler) {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveMqProbe.class);
    private static final String TOPIC = "VirtualTopic.oncemq.probe";
    private static final String QUEUE = "Consumer.oncemq." + TOPIC;
    private static final String MINE = "oncemq_probe";
    private static final String DELAYED = "oncemq_delayed";
    private static final int DELAY_MILLIS = 1_000;
    private static final List<Integer> ANSWER_MILLIS = List.of(3_000, 10_000);
    private static final int LIFE_MILLIS = 20_000;

    /** Blocks. */
    static ActiveMqProbe of(ActiveMqLink link) throws JMSException {
        ActiveMqProbe found = new ActiveMqProbe(false, false);
        for (int tries = 0; !found.virtualTopics && tries < ANSWER_MILLIS.size(); tries++) {
            found = of(link, ANSWER_MILLIS.get(tries));
        }
        remove(link);
        return found;
    }

    private static void remove(ActiveMqLink link) {
        try {
            link.connection.destroyDestination(new ActiveMQQueue(QUEUE));
        } catch (JMSException inUse) {
            LOG.debug("the queue of a probe stays: queue={} cause={}", QUEUE, inUse.toString());
        }
    }

    private static ActiveMqProbe of(ActiveMqLink link, int answerMillis) throws JMSException {
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
            Message first = consumer.receive(answerMillis);
            return new ActiveMqProbe(first != null, first != null && isKept(first));
        }
    }

    private static boolean isKept(Message first) throws JMSException {
        return !first.getBooleanProperty(DELAYED) || first.propertyExists(ScheduledMessage.AMQ_SCHEDULED_ID);
    }
}
