package io.oncemq.bench;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.server.RabbitServer;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** One RabbitMQ node. Both sides use the quorum queues and the exchange that OnceMQ declares. */
final class RabbitBed implements Bed {
    private final RabbitServer rabbit;

    private RabbitBed(RabbitServer rabbit) {
        this.rabbit = rabbit;
    }

    static RabbitBed start() {
        RabbitServer rabbit = RabbitServer.builder().asProcess().benchmark().build();
        try {
            rabbit.start();
            return new RabbitBed(rabbit);
        } catch (RuntimeException e) {
            rabbit.close();
            throw e;
        }
    }

    @Override
    public TransportFactory transport() {
        return Rabbit.at(rabbit.host() + ":" + rabbit.port());
    }

    @Override
    public void create(String destination, String group) {
        try (MessagingClient client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(transport())
                .withoutIdempotency()
                .build()) {
            client.ensure(DestinationSpec.builder(destination)
                    .partitions(SHARDS)
                    .group(group)
                    .build());
        }
    }

    @Override
    public void delete(String destination, String group) throws IOException, TimeoutException {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            for (int shard = 0; shard < SHARDS; shard++) {
                channel.queueDelete(queue(destination, group, shard));
            }
        }
    }

    static String queue(String destination, String group, int shard) {
        return destination + "." + group + "." + shard;
    }

    @Override
    public boolean keepsMessages() {
        return false;
    }

    @Override
    public String rawPublisher() {
        return "raw publisher confirms";
    }

    @Override
    public double publishRaw(String destination, Workload workload, long run) throws Exception {
        try (Connection connection = connect()) {
            return new RabbitRawPublish(connection, destination).run(workload, run);
        }
    }

    @Override
    public String rawConsumer() {
        return "raw consumer, multiple ack";
    }

    @Override
    public double consumeRaw(String destination, String group, int messages, IdStep ids) throws Exception {
        try (Connection connection = connect()) {
            return new RabbitRawConsume(connection, messages, ids).run(destination, group);
        }
    }

    private Connection connect() throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(rabbit.host());
        factory.setPort(rabbit.port());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("bench");
    }

    @Override
    public void close() {
        rabbit.close();
    }
}
