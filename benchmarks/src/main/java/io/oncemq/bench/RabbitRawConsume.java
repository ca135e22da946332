package io.oncemq.bench;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A raw consumer of each queue that acknowledges a hundred messages at once, handled by one thread in the batches that come. */
final class RabbitRawConsume {
    private static final int PREFETCH = 2_000;
    private static final int MOST_AT_ONCE = 500;
    private static final int ACKNOWLEDGE_EACH = 100;
    private static final long PATIENCE_MINUTES = 10;

    private record Arrived(Taker taker, long tag, String id) {}

    private final Connection connection;
    private final int messages;
    private final IdStep step;
    private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
    private final List<Taker> takers = new ArrayList<>();

    RabbitRawConsume(Connection connection, int messages, IdStep step) {
        this.connection = connection;
        this.messages = messages;
        this.step = step;
    }

    /** Messages per second from the first one to the last one handled and acknowledged. */
    double run(String destination, String group) throws IOException, InterruptedException {
        for (int shard = 0; shard < Bed.SHARDS; shard++) {
            Channel channel = connection.createChannel();
            channel.basicQos(PREFETCH);
            Taker taker = new Taker(channel);
            takers.add(taker);
            channel.basicConsume(RabbitBed.queue(destination, group, shard), false, taker);
        }
        long start = 0;
        int handled = 0;
        List<Arrived> batch = new ArrayList<>(MOST_AT_ONCE);
        while (handled < messages) {
            Arrived first = arrived.poll(PATIENCE_MINUTES, TimeUnit.MINUTES);
            if (first == null) {
                throw new IllegalStateException("only " + handled + " of " + messages + " came");
            }
            start = start == 0 ? System.nanoTime() : start;
            batch.add(first);
            arrived.drainTo(batch, MOST_AT_ONCE - 1);
            handled += step.handle(
                    batch.size(), () -> batch.stream().map(Arrived::id).toList());
            for (Arrived each : batch) {
                each.taker().handled(each.tag());
            }
            batch.clear();
        }
        for (Taker taker : takers) {
            taker.acknowledge();
        }
        return Rate.of(messages, System.nanoTime() - start);
    }

    /** One queue's consumer. Messages of a channel are handled in their order, so a tag stands for all before it. */
    private final class Taker extends DefaultConsumer {
        private long handled;
        private long acknowledged;

        Taker(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String consumer, Envelope envelope, BasicProperties properties, byte[] body) {
            arrived.add(new Arrived(this, envelope.getDeliveryTag(), properties.getMessageId()));
        }

        void handled(long tag) throws IOException {
            handled = tag;
            if (handled - acknowledged >= ACKNOWLEDGE_EACH) {
                acknowledge();
            }
        }

        void acknowledge() throws IOException {
            if (handled > acknowledged) {
                getChannel().basicAck(handled, true);
                acknowledged = handled;
            }
        }
    }
}
