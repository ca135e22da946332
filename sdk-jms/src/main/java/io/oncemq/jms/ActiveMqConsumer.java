package io.oncemq.jms;

import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.command.RemoveInfo;
import org.jspecify.annotations.Nullable;

/**
 * One consumer of one queue, which is an epoch of its shard. An exclusive one gets nothing until those before it are closed, and the mark of the
 * queue first (see {@link ActiveMqRegister}).
 *
 * <p>Below JMS, whose consumer tells the broker of messages that were received and not acknowledged, upon which it sends more than the prefetch. What
 * exceeds the prefetch of the next consumer comes back out of order once that one is closed as well.
 */
final class ActiveMqConsumer extends QueuePart<MessageDispatch> {
    private final SharedLink<ActiveMqLink>.Seat seat;
    private final SharedLink.Held held = this::remove;
    private final ActiveMqLink link;
    private final ConsumerInfo info;
    private final @Nullable ActiveMqFilter filter;
    private final Queue<MessageDispatch> arrived = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;
    private @Nullable MessageDispatch mark;
    private volatile long lastDelivered = RemoveInfo.LAST_DELIVERED_UNSET;

    /** @param woken called on the connection's thread when something has arrived */
    ActiveMqConsumer(
            SharedLink<ActiveMqLink>.Seat seat,
            Shard shard,
            boolean exclusive,
            int prefetch,
            @Nullable ActiveMqFilter filter,
            Runnable woken)
            throws JMSException {
        super(shard);
        this.seat = seat;
        this.link = seat.link;
        this.filter = filter;
        this.info = new ConsumerInfo(link.nextConsumer());
        info.setDestination(new ActiveMQQueue(shard.name()));
        info.setPrefetchSize(prefetch);
        info.setExclusive(exclusive);
        info.setDispatchAsync(true);
        link.add(
                info,
                message -> {
                    arrived.add(message);
                    woken.run();
                },
                () -> {
                    closed = true;
                    woken.run();
                });
        seat.holds(held);
    }

    /** One of several that share a queue has it from the beginning. */
    @Override
    boolean isOwned() {
        return mark != null || !info.isExclusive();
    }

    @Override
    boolean isClosed() {
        return closed;
    }

    @Override
    List<InboundMessage> receive(int most) throws JMSException {
        List<InboundMessage> messages = new ArrayList<>();
        while (!isPaused() && messages.size() < most) {
            MessageDispatch next = arrived.poll();
            if (next == null) {
                break;
            }
            ActiveMQMessage message = (ActiveMQMessage) next.getMessage();
            if (message.propertyExists(ActiveMqRegister.MARK)) {
                keepOne(next);
            } else if (filter != null && !filter.wants(message)) {
                acknowledge(next);
            } else {
                lastDelivered = message.getMessageId().getBrokerSequenceId();
                messages.add(JmsRecords.inbound(message, opened(next), ActiveMqBodies.BELOW));
            }
        }
        return messages;
    }

    /** Two processes that ensured a group at the same time wrote two. */
    private void keepOne(MessageDispatch found) throws JMSException {
        if (mark == null) {
            mark = found;
        } else {
            acknowledge(found);
        }
    }

    @Override
    void acknowledge(MessageDispatch message) throws JMSException {
        link.connection.asyncSendPacket(new MessageAck(message, MessageAck.INDIVIDUAL_ACK_TYPE, 1));
    }

    /** Each is written at once. */
    @Override
    void flush() {}

    /** The broker does what it is told in order, so its answer is one to the acknowledgements as well. */
    @Override
    void close() throws JMSException {
        remove();
        seat.released(held);
    }

    private void remove() throws JMSException {
        RemoveInfo remove = info.createRemoveCommand();
        remove.setLastDeliveredSequenceId(lastDelivered);
        link.remove(info, remove);
    }
}
