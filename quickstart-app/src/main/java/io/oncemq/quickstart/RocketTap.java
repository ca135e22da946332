package io.oncemq.quickstart;

import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.exception.RemotingException;

/** A raw consumer of all queues, and a raw producer. */
final class RocketTap implements Tap {
    private static final long POLL_MILLIS = 50;
    private static final long SEND_MILLIS = 10_000;
    private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(30);
    private static final String RESERVED_PREFIX = "__";

    private final Stop stop;
    private final List<MessageQueue> queues;
    private final DefaultLitePullConsumer reader;
    private final DefaultMQProducer writer;
    private final RocketQueues asked;
    private final Map<MessageQueue, Long> read = new HashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    RocketTap(RocketServer server, Stop stop) {
        this.stop = stop;
        queues = RocketBroker.queues(server);
        asked = new RocketQueues(server);
        writer = RocketBroker.configured(server, new DefaultMQProducer("quickstart-copies"));
        writer.setRetryTimesWhenSendAsyncFailed(0);
        try {
            reader = RocketBroker.reader(server, queues);
            writer.start();
        } catch (MQClientException e) {
            asked.close();
            throw new IllegalStateException("RocketMQ's client does not start", e);
        }
    }

    @Override
    public List<Original> read() {
        List<Original> originals = new ArrayList<>();
        for (MessageExt message : reader.poll(POLL_MILLIS)) {
            MessageQueue queue = new MessageQueue(message.getTopic(), message.getBrokerName(), message.getQueueId());
            read.merge(queue, message.getQueueOffset() + 1, Math::max);
            if (message.getUserProperty(MARK) == null) {
                originals.add(stored -> writeAgain(message, queue, stored));
            }
        }
        return originals;
    }

    private void writeAgain(MessageExt original, MessageQueue queue, Runnable stored) {
        Message copy = new Message(original.getTopic(), original.getBody());
        original.getProperties().forEach((name, value) -> {
            if (!MessageConst.STRING_HASH_SET.contains(name) && !name.startsWith(RESERVED_PREFIX)) {
                copy.putUserProperty(name, value);
            }
        });
        copy.setKeys(original.getKeys());
        copy.putUserProperty(MARK, "yes");
        open.incrementAndGet();
        Answer answer = new Answer(stored);
        try {
            writer.send(copy, queue, answer, SEND_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        } catch (MQClientException | RemotingException e) {
            answer.onException(e);
        }
    }

    private final class Answer implements SendCallback {
        private final Runnable stored;

        Answer(Runnable stored) {
            this.stored = stored;
        }

        @Override
        public void onSuccess(SendResult result) {
            if (result.getSendStatus() == SendStatus.SEND_OK) {
                stored.run();
            }
            open.decrementAndGet();
        }

        @Override
        public void onException(Throwable failure) {
            open.decrementAndGet();
        }
    }

    @Override
    public boolean isAtEnd() {
        try {
            for (MessageQueue queue : queues) {
                if (read.getOrDefault(queue, 0L) < asked.end(queue)) {
                    return false;
                }
            }
            return true;
        } catch (TimeoutException away) {
            return false;
        }
    }

    @Override
    public void flush() {
        stop.await(FLUSH_PATIENCE, () -> open.get() == 0);
    }

    @Override
    public void close() {
        reader.shutdown();
        writer.shutdown();
        asked.close();
    }
}
