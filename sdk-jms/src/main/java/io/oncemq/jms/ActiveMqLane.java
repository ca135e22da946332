package io.oncemq.jms;

import io.oncemq.core.publish.LetterRoom;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.SendOptions;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.time.Duration;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.ScheduledMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQTopic;
import org.jspecify.annotations.Nullable;

/** One connection to send over, whose broker stores one message after another. Belongs to the engine's thread. */
final class ActiveMqLane {
    final ActiveMqLink link;
    private final long largest;
    private final ActiveMQSession session;
    private final ActiveMQMessageProducer producer;

    ActiveMqLane(ActiveMqLink link) throws JMSException {
        this.link = link;
        this.largest = link.largestFrame();
        this.session = (ActiveMQSession) link.connection.createSession();
        this.producer = (ActiveMQMessageProducer) session.createProducer(null);
    }

    /** The message that {@link #send} writes for a frame; only ids and places are added to it later. */
    ActiveMQMessage message(OutboundFrame frame) throws JMSException {
        Message message = JmsRecords.outbound(session, frame, ActiveMqBodies::restored, ActiveMqLane::isKept);
        Duration delay = options(frame).delay();
        if (delay != null) {
            message.setLongProperty(ScheduledMessage.AMQ_SCHEDULED_DELAY, delay.toMillis());
        }
        ActiveMQMessage finished = (ActiveMQMessage) message;
        finished.onSend();
        return finished;
    }

    /** Why the broker would not take it, or null. A message that is too large ends the connection, with all messages under way there. */
    @Nullable
    String refusal(OutboundFrame frame, ActiveMQMessage message) {
        long most = LetterRoom.of(frame, largest);
        long size = ActiveMqBodies.frameBytes(message);
        return size <= most
                ? null
                : "the message takes " + size + " bytes, and at most " + most
                        + " are allowed: wireFormat.maxFrameSize (" + largest
                        + " at the broker) less room for the headers of a dead letter. Publish less, or raise that option of the broker's connector";
    }

    /** Writes it. With a callback the client asks the broker for an answer, and it comes when the message is stored in each queue. */
    void send(OutboundFrame frame, ActiveMQMessage message, ActiveMQTopic topic, AsyncCallback answer)
            throws JMSException {
        Integer asked = options(frame).priority();
        int priority = asked == null ? Message.DEFAULT_PRIORITY : asked;
        producer.send(topic, message, DeliveryMode.PERSISTENT, priority, Message.DEFAULT_TIME_TO_LIVE, answer);
    }

    private static SendOptions options(OutboundFrame frame) {
        return frame.options() == null ? SendOptions.NONE : frame.options();
    }

    /** The client writes pairs of surrogates, and NUL, as Java does in modified UTF-8, and reads them as plain UTF-8. */
    private static boolean isKept(String text) {
        return text.chars().noneMatch(each -> each == 0 || Character.isSurrogate((char) each));
    }
}
