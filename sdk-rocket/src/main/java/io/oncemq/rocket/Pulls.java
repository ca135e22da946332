package io.oncemq.rocket;

import io.oncemq.MessagingException;
import io.oncemq.spi.InboundMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.rocketmq.client.consumer.PullCallback;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.impl.CommunicationMode;
import org.apache.rocketmq.client.impl.consumer.PullResultExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.sysflag.PullSysFlag;
import org.apache.rocketmq.remoting.protocol.header.PullMessageRequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * Asks a queue's master for what comes from an offset on; where there is nothing the broker keeps the question until a message comes, or for
 * {@link #SUSPEND_MILLIS}. A pull commits nothing (M4). Thread-safe; does not block.
 */
final class Pulls {
    private static final long SUSPEND_MILLIS = 10_000;
    /**
     * The client (5.5) forgets a pull without a report if its connection ends while another thread already replaces that connection: it then has no
     * entry for the old one and fails none of its requests. So this is how long a queue can stand still. A broker looks at kept pulls every 5 s.
     */
    private static final long PATIENCE_MILLIS = 20_000;

    /**
     * @param next where to go on
     * @param messages without gaps, unless the broker left some out
     * @param filtered whether it was to leave out some
     * @param error null if the broker answered
     * @param unreadable whether the error is in what it answered, and will not pass
     */
    record Answer(
            long asked,
            PullStatus status,
            long next,
            List<InboundMessage> messages,
            boolean filtered,
            @Nullable Throwable error,
            boolean unreadable) {
        /** The first offset that was left out without being asked to, or −1. */
        long gapFrom() {
            if (filtered) {
                return -1;
            }
            long expected = asked;
            for (InboundMessage each : messages) {
                if (each.offset() > expected) {
                    return expected;
                }
                expected = each.offset() + 1;
            }
            return next > expected ? expected : -1;
        }
    }

    private final GroupMember member;
    private final String group;
    private final Wanted wanted;
    private final BiConsumer<OwnedQueue, Answer> answered;

    /** @param answered called on threads of the client */
    Pulls(GroupMember member, String group, Wanted wanted, BiConsumer<OwnedQueue, Answer> answered) {
        this.member = member;
        this.group = group;
        this.wanted = wanted;
        this.answered = answered;
    }

    /** The answer brings so many messages and bytes at most, but for one message. */
    void start(OwnedQueue owned, int most, int mostBytes) {
        MessageQueue queue = owned.queue;
        long from = owned.position();
        PullMessageRequestHeader header = new PullMessageRequestHeader();
        header.setConsumerGroup(group);
        header.setTopic(queue.getTopic());
        header.setQueueId(queue.getQueueId());
        header.setBrokerName(queue.getBrokerName());
        header.setQueueOffset(from);
        header.setMaxMsgNums(most);
        header.setMaxMsgBytes(mostBytes);
        // The first one of a queue does not wait for a message: its answer shows that the broker lets this member read.
        header.setSysFlag(PullSysFlag.buildSysFlag(false, owned.hasPulled(), true, false));
        header.setCommitOffset(0L);
        header.setSuspendTimeoutMillis(SUSPEND_MILLIS);
        header.setSubscription(wanted.expression());
        header.setSubVersion(0L);
        header.setExpressionType(wanted.language());
        PullCallback callback = new PullCallback() {
            @Override
            public void onSuccess(PullResult result) {
                answered.accept(owned, read(from, result));
            }

            @Override
            public void onException(Throwable error) {
                answered.accept(owned, failed(from, error, false));
            }
        };
        try {
            member.api()
                    .pullMessage(
                            member.address(queue.getBrokerName()),
                            header,
                            PATIENCE_MILLIS,
                            CommunicationMode.ASYNC,
                            callback);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.onException(e);
        } catch (Exception e) {
            callback.onException(e);
        }
    }

    private Answer failed(long from, Throwable error, boolean unreadable) {
        return new Answer(from, PullStatus.NO_NEW_MSG, from, List.of(), !wanted.isAll(), error, unreadable);
    }

    private Answer read(long from, PullResult result) {
        boolean filtered = !wanted.isAll();
        if (result.getPullStatus() != PullStatus.FOUND) {
            return new Answer(
                    from, result.getPullStatus(), result.getNextBeginOffset(), List.of(), filtered, null, false);
        }
        try {
            PullResultExt found = (PullResultExt) result;
            Long delta = found.getOffsetDelta();
            Decoded decoded = Decoded.of(ByteBuffer.wrap(found.getMessageBinary()), delta == null ? 0 : delta, wanted);
            if (decoded.next() < 0) {
                throw new MessagingException("the message at offset " + from + " cannot be decoded", null);
            }
            // Not where the broker would go on: what is cut off behind would be skipped.
            return new Answer(from, PullStatus.FOUND, decoded.next(), decoded.messages(), filtered, null, false);
        } catch (RuntimeException e) {
            return failed(from, e, true);
        }
    }
}
