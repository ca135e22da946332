package io.oncemq.bench;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.jms.Artemis;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.server.ArtemisServer;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;

/** One Artemis. Both sides use the address and the queues that OnceMQ makes. */
final class ArtemisBed implements Bed {
    /** As OnceMQ's adapter has it: without one the client calls a message confirmed when it has written it. */
    private static final int CONFIRMATION_WINDOW = 1 << 20;

    private final ArtemisServer artemis;

    private ArtemisBed(ArtemisServer artemis) {
        this.artemis = artemis;
    }

    static ArtemisBed start() {
        ArtemisServer artemis = ArtemisServer.builder()
                .benchmark()
                .config("journal-file-size", "10M")
                .config("journal-pool-files", 10)
                .build();
        try {
            artemis.start();
            return new ArtemisBed(artemis);
        } catch (RuntimeException e) {
            artemis.close();
            throw e;
        }
    }

    @Override
    public TransportFactory transport() {
        return Artemis.at("127.0.0.1:" + artemis.port());
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
    public void delete(String destination, String group) throws JMSException, ActiveMQException {
        try (ActiveMQConnectionFactory factory = factory();
                Connection connection = factory.createConnection();
                ActiveMQSession session = (ActiveMQSession) connection.createSession()) {
            ClientSession core = session.getCoreSession();
            for (int shard = 0; shard < SHARDS; shard++) {
                SimpleString queue = SimpleString.of(queue(destination, group, shard));
                Waiting.until("the last consumer of " + queue + " to be gone", () -> consumers(core, queue) == 0);
                core.deleteQueue(queue);
            }
        }
    }

    private static int consumers(ClientSession core, SimpleString queue) {
        try {
            return core.queueQuery(queue).getConsumerCount();
        } catch (ActiveMQException e) {
            throw new IllegalStateException("cannot ask for the consumers of " + queue, e);
        }
    }

    static String queue(String destination, String group, int shard) {
        return destination + "/" + group + "/" + shard;
    }

    @Override
    public boolean keepsMessages() {
        return false;
    }

    @Override
    public String rawPublisher() {
        return "raw JMS, CompletionListener";
    }

    @Override
    public double publishRaw(String destination, Workload workload, long run) throws Exception {
        try (ActiveMQConnectionFactory factory = factory()) {
            factory.setConfirmationWindowSize(CONFIRMATION_WINDOW);
            try (Connection connection = factory.createConnection()) {
                return new ArtemisRawPublish(connection, destination).run(workload, run);
            }
        }
    }

    @Override
    public String rawConsumer() {
        return "raw JMS, CLIENT_ACKNOWLEDGE";
    }

    @Override
    public double consumeRaw(String destination, String group, int messages, IdStep ids) throws Exception {
        try (ActiveMQConnectionFactory factory = factory();
                Connection connection = factory.createConnection()) {
            return new ArtemisRawConsume(connection, messages, ids).run(destination, group);
        }
    }

    private ActiveMQConnectionFactory factory() {
        return new ActiveMQConnectionFactory(artemis.uri());
    }

    @Override
    public void close() {
        artemis.close();
    }
}
