package io.oncemq.quickstart;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.oncemq.DestinationSpec;
import io.oncemq.testkit.server.RabbitServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** One RabbitMQ node. */
final class RabbitBroker implements Broker {
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

    /** Reads the queue of the group of the same name, which every dead-letter destination has; the messages stay there. */
    @Override
    public Set<String> deadLetters() {
        String queue = DestinationSpec.deadLetterName(Places.DESTINATION, Places.GROUP) + "." + Places.GROUP + ".0";
        Set<String> ids = new HashSet<>();
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            GetResponse letter = channel.basicGet(queue, false);
            while (letter != null) {
                String id = letter.getProps().getMessageId();
                ids.add(id == null ? "message " + letter.getEnvelope().getDeliveryTag() : id);
                letter = channel.basicGet(queue, false);
            }
            return ids;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new UncheckedIOException(new IOException(e));
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
