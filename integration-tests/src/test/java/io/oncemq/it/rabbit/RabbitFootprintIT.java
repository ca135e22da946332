package io.oncemq.it.rabbit;

import static io.oncemq.it.RestingClient.COUNT;
import static io.oncemq.it.RestingClient.MOST;
import static io.oncemq.it.RestingClient.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.it.Footprint;
import io.oncemq.it.Footprint.Weight;
import io.oncemq.it.RestingClient;
import io.oncemq.it.RestingClient.Measured;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What many subscriptions and publishers of one client cost beside a raw client that does the same with a connection for its consumers, a
 * channel each, and a connection for its producers; once each has had a message and rests.
 */
@NeedsRabbit
class RabbitFootprintIT {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitFootprintIT.class);
    /** Of one client: for questions, for publishing, and one for every 16 subscriptions. */
    private static final int CONNECTIONS = 2 + (COUNT + 15) / 16;
    /** Each connection is read by a thread, and another one sends its heartbeats. */
    private static final int THREADS_OF_A_CONNECTION = 2;

    /** Before the first use of the client's library: what its connections share counts for the raw client and for ours. */
    private static final Set<Thread> BEFORE = Thread.getAllStackTraces().keySet();

    @Test
    void aRestingClientHasNoThreadPerSubscription() throws Exception {
        RabbitServer server = SharedRabbit.server();
        Measured raw = raw(server);
        long most = (long) (MOST * raw.weight().threads())
                + RestingClient.OWN_THREADS
                + (long) THREADS_OF_A_CONNECTION * Math.max(0, CONNECTIONS - raw.connections());
        Measured ours = ours(server, most);
        LOG.warn("footprint subscriptions={} publishers={} raw={} oncemq={}", COUNT, COUNT, raw, ours);
        ours.require(CONNECTIONS, most);
        ours.weight().requireProcessor(raw.weight());
    }

    @Test
    void aRestingSubscriptionIsWokenByItsMessage() throws InterruptedException {
        try (MessagingClient client = client()) {
            List<Duration> took = RestingClient.singles(client, PublishRig.name(), "oncemq-rabbit-source-");
            LOG.warn("single messages of a resting subscription: took={}", took);
            assertThat(took.get(took.size() / 2)).isLessThan(Duration.ofMillis(500));
        }
    }

    private static MessagingClient client() {
        return MessagingClient.builder()
                .transport(SharedRabbit.rabbit())
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build();
    }

    private static List<String> names(String prefix) {
        String unique = PublishRig.name();
        return IntStream.range(0, COUNT)
                .mapToObj(number -> prefix + unique + "-" + number)
                .toList();
    }

    private static Measured raw(RabbitServer server) throws Exception {
        int before = connections(server);
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(server.uri());
        Set<String> received = ConcurrentHashMap.newKeySet();
        try (Connection consuming = factory.newConnection();
                Connection producing = factory.newConnection()) {
            for (String name : names("raw-")) {
                Channel channel = consuming.createChannel();
                channel.queueDeclare(name, true, false, true, null);
                channel.basicConsume(name, true, (tag, message) -> received.add(name), tag -> {});
                Channel sending = producing.createChannel();
                sending.confirmSelect();
                sending.basicPublish("", name, MessageProperties.PERSISTENT_BASIC, "one".getBytes(UTF_8));
                sending.waitForConfirmsOrDie();
            }
            await().atMost(PATIENCE).until(() -> received.size() == COUNT);
            Weight weight = new Footprint(BEFORE).weigh(PATIENCE, () -> true);
            return new Measured(connections(server) - before, weight);
        }
    }

    private static Measured ours(RabbitServer server, long mostThreads) {
        int before = connections(server);
        try (MessagingClient client = client()) {
            return RestingClient.measure(client, names(""), BEFORE, mostThreads, () -> connections(server) - before);
        }
    }

    private static int connections(RabbitServer server) {
        return Integer.parseInt(
                server.eval("length(rabbit_networking:connections())").trim());
    }
}
