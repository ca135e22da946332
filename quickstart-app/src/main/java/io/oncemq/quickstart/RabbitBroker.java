package io.oncemq.quickstart;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.oncemq.DestinationSpec;
import io.oncemq.testkit.server.RabbitServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One RabbitMQ node. */
final class RabbitBroker implements Broker {
    private static final long PATIENCE_SECONDS = 30;

    private final RabbitServer server;

    RabbitBroker() {
        server = RabbitServer.builder().asProcess().build();
    }

    @Override
    public String address() {
        return server.host() + ":" + server.port();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public Tap tap(Stop stop) {
        return new RabbitTap(this::connect, stop);
    }

    @Override
    public Backlog backlog() {
        return new RabbitBacklog(server);
    }

    /**
     * Reads the queue of the group of the same name, which every dead-letter destination has, as a consumer: a queue with a single active
     * one answers no basic.get. Nothing is acknowledged, so the messages stay.
     */
    @Override
    public Set<String> deadLetters() {
        String queue = DestinationSpec.deadLetterName(Places.DESTINATION, Places.GROUP) + "." + Places.GROUP + ".0";
        Set<String> ids = new HashSet<>();
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            int count = channel.queueDeclarePassive(queue).getMessageCount();
            BlockingQueue<String> letters = new LinkedBlockingQueue<>();
            channel.basicConsume(queue, false, new DefaultConsumer(channel) {
                @Override
                public void handleDelivery(String consumer, Envelope envelope, BasicProperties letter, byte[] body) {
                    String id = letter.getMessageId();
                    letters.add(id == null ? "message " + envelope.getDeliveryTag() : id);
                }
            });
            for (int i = 0; i < count; i++) {
                String id = letters.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (id == null) {
                    throw new JobFailedException("only " + i + " of " + count + " dead letters came");
                }
                ids.add(id);
            }
            return ids;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        } catch (IOException | TimeoutException e) {
            throw new UncheckedIOException("the dead letters cannot be read", new IOException(e));
        }
    }

    private Connection connect() throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setAutomaticRecoveryEnabled(false);
        factory.setHost(server.host());
        factory.setPort(server.port());
        return factory.newConnection("quickstart");
    }

    @Override
    public void close() {
        server.close();
    }
}
