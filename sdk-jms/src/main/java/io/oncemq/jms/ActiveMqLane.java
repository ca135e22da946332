package io.oncemq.jms;

import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.SendOptions;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.ScheduledMessage;
import org.apache.activemq.command.ActiveMQTopic;

/** One connection to send over, whose broker stores one message after another. Belongs to the engine's thread. */
final class ActiveMqLane {
    final ActiveMqLink link;
    private final ActiveMQSession session;
    private final ActiveMQMessageProducer producer;

    ActiveMqLane(ActiveMqLink link) throws JMSException {
        this.link = link;
        this.session = (ActiveMQSession) link.connection.createSession();
        this.producer = (ActiveMQMessageProducer) session.createProducer(null);
    }

    /** Writes it. With a callback the client asks the broker for an answer, and it comes when the message is stored in each queue. */
    void send(OutboundFrame frame, ActiveMQTopic topic, AsyncCallback answer) throws JMSException {
        Message message = JmsRecords.outbound(session, frame, ActiveMqBodies::restored, ActiveMqLane::isKept);
        SendOptions options = frame.options() == null ? SendOptions.NONE : frame.options();
        if (options.delay() != null) {
            message.setLongProperty(
                    ScheduledMessage.AMQ_SCHEDULED_DELAY, options.delay().toMillis());
        }
        int priority = options.priority() == null ? Message.DEFAULT_PRIORITY : options.priority();
        producer.send(topic, message, DeliveryMode.PERSISTENT, priority, Message.DEFAULT_TIME_TO_LIVE, answer);
    }

    /** The client writes pairs of surrogates, and NUL, as Java does in modified UTF-8, and reads them as plain UTF-8. */
    private static boolean isKept(String text) {
        return text.chars().noneMatch(each -> each == 0 || Character.isSurrogate((char) each));
    }
}
