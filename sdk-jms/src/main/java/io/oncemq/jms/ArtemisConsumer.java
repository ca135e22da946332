package io.oncemq.jms;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSConstants;
import org.apache.activemq.artemis.core.client.impl.ClientConsumerInternal;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.jspecify.annotations.Nullable;

/**
 * One session with one consumer of one queue, which is an epoch of its shard. The queue has one consumer at a time that gets its messages;
 * the others wait until that one is closed, which gives what is not acknowledged back to the head of the queue before the next one gets any.
 *
 * <p>Below JMS, whose receiving asks the broker each time that nothing is there, and whose listeners are called on a thread where nobody can
 * acknowledge later. Belongs to the source's thread, but for {@link #settled} and {@link #pause}.
 */
final class ArtemisConsumer {
    final Shard shard;
    private final ClientSession session;
    private final ClientConsumerInternal consumer;
    private final NavigableMap<Long, ClientMessage> open = new TreeMap<>();
    private final Queue<Acknowledgement> news = new ConcurrentLinkedQueue<>();
    private volatile boolean paused;
    private boolean assigned;
    private long lastTag;

    /** @param priority of the consumers that wait for a queue, the one with the highest is next */
    ArtemisConsumer(ArtemisLink link, Shard shard, int priority) throws JMSException, ActiveMQException {
        this.shard = shard;
        ActiveMQSession jms =
                (ActiveMQSession) link.connection.createSession(ActiveMQJMSConstants.INDIVIDUAL_ACKNOWLEDGE);
        this.session = jms.getCoreSession();
        this.consumer =
                (ClientConsumerInternal) session.createConsumer(SimpleString.of(shard.name()), null, priority, false);
    }

    boolean isAssigned() {
        return assigned;
    }

    void assigned() {
        assigned = true;
    }

    boolean isClosed() {
        return consumer.isClosed();
    }

    void pause(boolean on) {
        paused = on;
    }

    /** What has arrived, tags ascending. */
    List<InboundMessage> receive(int most) throws JMSException, ActiveMQException {
        List<InboundMessage> messages = new ArrayList<>();
        while (!paused && messages.size() < most && consumer.getBufferSize() > 0) {
            ClientMessage next = consumer.receive(1);
            if (next == null) {
                break;
            }
            open.put(++lastTag, next);
            ActiveMQMessage message = ActiveMQMessage.createMessage(next, session, null);
            message.doBeforeReceive();
            messages.add(JmsRecords.inbound(message, lastTag, ArtemisConsumer::rawBody));
        }
        return messages;
    }

    private static byte[] rawBody(Message message) {
        ActiveMQBuffer buffer = ((ActiveMQMessage) message).getCoreMessage().getReadOnlyBodyBuffer();
        byte[] body = new byte[buffer.readableBytes()];
        buffer.readBytes(body);
        return body;
    }

    void settled(Acknowledgement acknowledgement) {
        news.add(acknowledgement);
    }

    /** One commit for all, which nobody waits for. @return whether there was anything */
    boolean writeAcks() throws ActiveMQException {
        boolean any = false;
        for (@Nullable Acknowledgement each = news.poll(); each != null; each = news.poll()) {
            NavigableMap<Long, ClientMessage> through = open.headMap(each.through(), true);
            for (ClientMessage message : through.values()) {
                message.individualAcknowledge();
                any = true;
            }
            through.clear();
            for (long tag : each.singles()) {
                ClientMessage single = open.remove(tag);
                if (single != null) {
                    single.individualAcknowledge();
                    any = true;
                }
            }
        }
        if (any) {
            session.commit(false);
        }
        return any;
    }

    /** Waits until the broker has taken all that was written before, and has the rest back. */
    void close() throws ActiveMQException {
        session.close();
    }
}
