package io.oncemq.bench;

import io.oncemq.spi.KeyHash;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/** Asynchronous sends of the raw client to the queue of the key, as many open at once as OnceMQ's adapter allows, with the id as key. */
final class RocketRawPublish {
    private static final int WINDOW = 2_000;
    private static final long ANSWER_MILLIS = 10_000;

    private final DefaultMQProducer producer;
    private final List<MessageQueue> queues;
    private final Semaphore window = new Semaphore(WINDOW);
    private final AtomicReference<@Nullable Throwable> refused = new AtomicReference<>();
    private final SendCallback settled = new SendCallback() {
        @Override
        public void onSuccess(SendResult result) {
            if (result.getSendStatus() != SendStatus.SEND_OK) {
                refused.set(new IllegalStateException("the broker answered " + result.getSendStatus()));
            }
            window.release();
        }

        @Override
        public void onException(Throwable failure) {
            refused.set(failure);
            window.release();
        }
    };

    RocketRawPublish(DefaultMQProducer producer, List<MessageQueue> queues) {
        this.producer = producer;
        this.queues = queues;
    }

    /** Messages per second from the second send to the last confirm. */
    double run(Workload workload, long run) throws Exception {
        byte[] body = Workload.body();
        publish(workload, run, 0, body);
        awaitAll();
        long start = System.nanoTime();
        for (int i = 1; i < workload.messages(); i++) {
            publish(workload, run, i, body);
        }
        awaitAll();
        return Rate.of(workload.messages() - 1, System.nanoTime() - start);
    }

    private void publish(Workload workload, long run, int message, byte[] body) throws Exception {
        window.acquire();
        MessageQueue queue = queues.get(KeyHash.place(KeyHash.of(workload.key(message)), queues.size()));
        Message wire = new Message(queue.getTopic(), body);
        wire.setKeys(Workload.id(run, message));
        producer.send(wire, queue, settled, ANSWER_MILLIS);
    }

    private void awaitAll() throws InterruptedException {
        window.acquire(WINDOW);
        window.release(WINDOW);
        Throwable failure = refused.get();
        if (failure != null) {
            throw new IllegalStateException("a raw send failed", failure);
        }
    }
}
