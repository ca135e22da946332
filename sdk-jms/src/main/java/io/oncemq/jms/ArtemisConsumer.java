package io.oncemq.jms;

import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.core.client.impl.ClientConsumerInternal;

/**
 * One session with one consumer of one queue, which is an epoch of its shard. The queue has one consumer at a time that gets its messages;
 * the others wait until that one is closed, which gives what is not acknowledged back to the head of the queue before the next one gets any.
 *
 * <p>Below JMS, whose receiving asks the broker each time that nothing is there, and whose listeners are called on a thread where nobody can
 * acknowledge later.
 */
final class ArtemisConsumer extends QueuePart<ClientMessage> {
    private static final int UNLIMITED_RATE = -1;

    private final SharedLink<ArtemisLink>.Seat seat;
    private final SharedLink.Held held = this::closeSession;
    private final ClientSession session;
    private final ClientConsumerInternal consumer;

    /**
     * @param priority of the consumers that wait for a queue, the one with the highest is next
     * @param window how many bytes of messages the broker may send ahead
     * @param arrived called on threads of the client when there is something to look at
     */
    ArtemisConsumer(SharedLink<ArtemisLink>.Seat seat, Shard shard, int priority, int window, Runnable arrived)
            throws ActiveMQException {
        super(shard);
        this.seat = seat;
        this.session = seat.link.openSession();
        seat.holds(held);
        this.consumer = (ClientConsumerInternal)
                session.createConsumer(SimpleString.of(shard.name()), null, priority, window, UNLIMITED_RATE, false);
        ArtemisArrivals.tell(session, consumer, arrived);
        session.start();
    }

    @Override
    boolean isClosed() {
        return consumer.isClosed();
    }

    @Override
    List<InboundMessage> receive(int most) throws JMSException, ActiveMQException {
        List<InboundMessage> messages = new ArrayList<>();
        while (!isPaused() && messages.size() < most && consumer.getBufferSize() > 0) {
            ClientMessage next = consumer.receive(1);
            if (next == null) {
                break;
            }
            // The rest of a large one: what breaks it is the connection's fault, and not the message's.
            next.checkCompletion();
            messages.add(JmsRecords.inbound(ArtemisBodies.message(next, session), opened(next), ArtemisBodies.BELOW));
        }
        return messages;
    }

    @Override
    void acknowledge(ClientMessage message) throws ActiveMQException {
        message.individualAcknowledge();
    }

    /** One commit for all, which nobody waits for. */
    @Override
    void flush() throws ActiveMQException {
        session.commit(false);
    }

    @Override
    void close() throws ActiveMQException {
        closeSession();
        seat.released(held);
    }

    private void closeSession() throws ActiveMQException {
        seat.link.close(session);
    }
}
