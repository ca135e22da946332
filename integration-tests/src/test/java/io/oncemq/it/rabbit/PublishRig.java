package io.oncemq.it.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.testkit.server.RabbitServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Names, messages and a look at the queues, for the tests of publishing. */
final class PublishRig {
    /** The server's limit for a body, so that a test need not send 16 MiB. */
    static final int LARGEST = 1 << 20;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static final class Holder {
        static final RabbitServer SERVER = start();
    }

    private PublishRig() {}

    /** One that the tests do not break; the test kit ends it with the JVM. */
    static RabbitServer server() {
        return Holder.SERVER;
    }

    static RabbitServer start() {
        RabbitServer server =
                RabbitServer.builder().config("max_message_size", LARGEST).build();
        server.start();
        return server;
    }

    static Rabbit rabbit(RabbitServer server) {
        return rabbit(server, "127.0.0.1:" + server.port());
    }

    static Rabbit rabbit(RabbitServer server, String addresses) {
        return Rabbit.at(addresses).login(server.user(), server.password()).heartbeat(Duration.ofSeconds(10));
    }

    static String name() {
        return "publish-" + NUMBERS.incrementAndGet();
    }

    /** A new destination with a group {@code g}. */
    static String destination(BrokerTransport transport, int shards) {
        String name = name();
        transport.ensure(
                DestinationSpec.builder(name).partitions(shards).group("g").build());
        return name;
    }

    static OutboundFrame frame(String destination, @Nullable String key, String body) {
        return frame(destination, key, body.getBytes(UTF_8), Headers.empty());
    }

    static OutboundFrame frame(String destination, @Nullable String key, byte[] body, Headers headers) {
        String id = "id-" + NUMBERS.incrementAndGet();
        return new OutboundFrame(
                destination, id, key, KeyHash.of(key == null ? id : key), headers, body, body.length + 20);
    }

    /** What is done on a channel. */
    interface Action<T> {
        T on(Channel channel) throws IOException, InterruptedException, TimeoutException;
    }

    /** Without OnceMQ. */
    static <T> T raw(RabbitServer server, Action<T> action) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setAutomaticRecoveryEnabled(false);
        factory.setHost(server.host());
        factory.setPort(server.port());
        factory.setUsername(server.user());
        factory.setPassword(server.password());
        try (Connection connection = factory.newConnection("raw")) {
            return action.on(connection.createChannel());
        } catch (IOException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes all messages out of a queue: those before one that is put behind them, again if the queue was full. */
    static List<Delivery> drain(RabbitServer server, String queue) {
        return raw(server, channel -> {
            String last = "last-" + NUMBERS.incrementAndGet();
            BasicProperties properties =
                    new BasicProperties.Builder().messageId(last).build();
            BlockingQueue<Delivery> received = new LinkedBlockingQueue<>();
            channel.basicConsume(queue, true, (tag, delivery) -> received.add(delivery), tag -> {});
            List<Delivery> all = new ArrayList<>();
            for (int tries = 0; tries < 45; tries++) {
                channel.basicPublish("", queue, properties, new byte[0]);
                for (Delivery next = poll(received); next != null; next = poll(received)) {
                    if (last.equals(next.getProperties().getMessageId())) {
                        return all;
                    }
                    all.add(next);
                }
            }
            throw new IllegalStateException(queue + " gave " + all.size() + " messages and takes no more");
        });
    }

    private static @Nullable Delivery poll(BlockingQueue<Delivery> received) throws InterruptedException {
        return received.poll(1, TimeUnit.SECONDS);
    }

    static List<String> bodies(List<Delivery> messages) {
        return messages.stream()
                .map(message -> new String(message.getBody(), UTF_8))
                .toList();
    }
}
