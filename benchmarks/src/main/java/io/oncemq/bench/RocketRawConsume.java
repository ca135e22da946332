package io.oncemq.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;

/** A raw LitePull consumer of all queues, handled by one thread, which commits the offsets of a hundred messages at once. */
final class RocketRawConsume {
    private static final int PULL = 32;
    private static final int COMMIT_EACH = 100;
    private static final long POLL_MILLIS = 1_000;
    private static final int MOST_EMPTY_POLLS = 120;

    private final DefaultLitePullConsumer consumer;
    private final int messages;
    private final IdStep step;
    private final Map<MessageQueue, Long> done = new HashMap<>();

    RocketRawConsume(DefaultLitePullConsumer consumer, int messages, IdStep step) {
        this.consumer = consumer;
        this.messages = messages;
        this.step = step;
        consumer.setPullBatchSize(PULL);
    }

    /** Messages per second from the first one to the last one handled and committed. */
    double run(List<MessageQueue> queues) throws MQClientException {
        consumer.assign(queues);
        for (MessageQueue queue : queues) {
            consumer.seek(queue, 0);
        }
        long start = 0;
        int handled = 0;
        int committed = 0;
        int empty = 0;
        while (handled < messages) {
            List<MessageExt> batch = consumer.poll(POLL_MILLIS);
            if (batch.isEmpty()) {
                if (++empty > MOST_EMPTY_POLLS) {
                    throw new IllegalStateException("only " + handled + " of " + messages + " came");
                }
                continue;
            }
            start = start == 0 ? System.nanoTime() : start;
            empty = 0;
            handled += step.handle(
                    batch.size(), () -> batch.stream().map(Message::getKeys).toList());
            batch.forEach(this::done);
            if (handled - committed >= COMMIT_EACH) {
                consumer.commit(done, true);
                committed = handled;
            }
        }
        consumer.commit(done, true);
        return Rate.of(messages, System.nanoTime() - start);
    }

    private void done(MessageExt message) {
        done.put(
                new MessageQueue(message.getTopic(), message.getBrokerName(), message.getQueueId()),
                message.getQueueOffset() + 1);
    }
}
