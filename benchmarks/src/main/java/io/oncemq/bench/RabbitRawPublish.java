package io.oncemq.bench;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import io.oncemq.spi.KeyHash;
import java.io.IOException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The raw client with confirms that it does not wait for one by one: as many open at once as OnceMQ's adapter allows. It writes the id
 * as the native message id.
 */
final class RabbitRawPublish {
    private static final int WINDOW = 1_000;
    private static final int PERSISTENT = 2;

    private final Channel channel;
    private final String exchange;
    private final Semaphore window = new Semaphore(WINDOW);
    private final ConcurrentSkipListSet<Long> open = new ConcurrentSkipListSet<>();
    private final AtomicBoolean refused = new AtomicBoolean();

    RabbitRawPublish(Connection connection, String exchange) throws IOException {
        this.exchange = exchange;
        this.channel = connection.createChannel();
        channel.confirmSelect();
        channel.addConfirmListener(new ConfirmListener() {
            @Override
            public void handleAck(long sequence, boolean multiple) {
                settled(sequence, multiple);
            }

            @Override
            public void handleNack(long sequence, boolean multiple) {
                refused.set(true);
                settled(sequence, multiple);
            }
        });
    }

    private void settled(long sequence, boolean multiple) {
        if (!multiple) {
            open.remove(sequence);
            window.release();
            return;
        }
        var confirmed = open.headSet(sequence, true);
        int count = 0;
        while (confirmed.pollFirst() != null) {
            count++;
        }
        window.release(count);
    }

    /** Messages per second from the second send to the last confirm. */
    double run(Workload workload, long run) throws IOException, InterruptedException {
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

    private void publish(Workload workload, long run, int message, byte[] body)
            throws IOException, InterruptedException {
        window.acquire();
        int shard = KeyHash.place(KeyHash.of(workload.key(message)), Bed.SHARDS);
        BasicProperties properties = new BasicProperties.Builder()
                .deliveryMode(PERSISTENT)
                .messageId(Workload.id(run, message))
                .build();
        open.add(channel.getNextPublishSeqNo());
        channel.basicPublish(exchange, shard + "/" + Bed.SHARDS, true, properties, body);
    }

    private void awaitAll() throws InterruptedException {
        window.acquire(WINDOW);
        window.release(WINDOW);
        if (refused.get()) {
            throw new IllegalStateException("the broker refused a message");
        }
    }
}
