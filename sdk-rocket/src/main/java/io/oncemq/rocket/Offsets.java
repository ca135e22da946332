package io.oncemq.rocket;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.apache.rocketmq.client.exception.OffsetNotFoundException;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.utils.CleanupPolicyUtils;
import org.apache.rocketmq.remoting.protocol.header.QueryConsumerOffsetRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.UpdateConsumerOffsetRequestHeader;

/**
 * What a queue holds and how far a group has come in it, asked of the queue's master. A question without an answer throws: it is never taken
 * for "nothing there" (M6), as the client's own offset store does with −1 and −2. Thread-safe; every method blocks.
 */
final class Offsets {
    private static final long PATIENCE_MILLIS = 3_000;

    private final MQClientAPIImpl api;
    private final UnaryOperator<String> address;

    /** @param address of the master of a broker name; throws if there is none */
    Offsets(MQClientAPIImpl api, UnaryOperator<String> address) {
        this.api = api;
        this.address = address;
    }

    /** The group's position; empty only if the broker says that there is none. */
    OptionalLong stored(String group, MessageQueue queue) {
        return Topics.asked("asking for the offset of " + group + " in " + text(queue), () -> {
            QueryConsumerOffsetRequestHeader question = new QueryConsumerOffsetRequestHeader();
            question.setTopic(queue.getTopic());
            question.setQueueId(queue.getQueueId());
            question.setBrokerName(queue.getBrokerName());
            question.setConsumerGroup(group);
            question.setSetZeroIfNotFound(false);
            try {
                long offset = api.queryConsumerOffset(at(queue), question, PATIENCE_MILLIS);
                return OptionalLong.of(offset);
            } catch (OffsetNotFoundException e) {
                return OptionalLong.empty();
            }
        });
    }

    /** Sets the group's position; returns when the broker has taken it. */
    void commit(String group, MessageQueue queue, long offset) {
        Topics.asked("committing the offset of " + group + " in " + text(queue), () -> {
            UpdateConsumerOffsetRequestHeader update = new UpdateConsumerOffsetRequestHeader();
            update.setTopic(queue.getTopic());
            update.setQueueId(queue.getQueueId());
            update.setBrokerName(queue.getBrokerName());
            update.setConsumerGroup(group);
            update.setCommitOffset(offset);
            api.updateConsumerOffset(at(queue), update, PATIENCE_MILLIS);
            return offset;
        });
    }

    /** Of the oldest message that is left. */
    long first(MessageQueue queue) {
        return Topics.asked(
                "asking for the first offset of " + text(queue),
                () -> api.getMinOffset(at(queue), queue, PATIENCE_MILLIS));
    }

    /** Behind the newest message. */
    long end(MessageQueue queue) {
        return Topics.asked(
                "asking for the last offset of " + text(queue),
                () -> api.getMaxOffset(at(queue), queue, PATIENCE_MILLIS));
    }

    /** Of the first message that was stored at this time or later; the end where there is none. */
    long since(MessageQueue queue, long epochMillis) {
        long end = end(queue);
        long found = Topics.asked(
                "asking for an offset of " + text(queue) + " by time",
                () -> api.searchOffset(at(queue), queue, epochMillis, PATIENCE_MILLIS));
        return Math.min(end, found);
    }

    /** Whether the topic leaves gaps by itself. */
    boolean isCompacted(MessageQueue queue) {
        return Topics.asked("asking for the settings of " + queue.getTopic(), () -> {
            TopicConfig config = api.getTopicConfig(at(queue), queue.getTopic(), PATIENCE_MILLIS);
            return CleanupPolicyUtils.isCompaction(Optional.of(config));
        });
    }

    private String at(MessageQueue queue) {
        return address.apply(queue.getBrokerName());
    }

    static String text(MessageQueue queue) {
        return queue.getTopic() + "/" + shard(queue);
    }

    /** The name of a queue within its destination. */
    static String shard(MessageQueue queue) {
        return queue.getBrokerName() + "-" + queue.getQueueId();
    }
}
