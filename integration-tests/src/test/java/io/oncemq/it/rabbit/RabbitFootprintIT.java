package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.testkit.server.NeedsRabbit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What many subscriptions of one client cost in connections and threads of the adapter, once each has handled a message. */
@NeedsRabbit
class RabbitFootprintIT {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitFootprintIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("oncemq.footprint.patience", 120));
    private static final int SUBSCRIPTIONS = Integer.getInteger("oncemq.footprint.subscriptions", 20);
    /** Of one client: for questions, for publishing, and one for every 16 subscriptions. */
    private static final int CONNECTIONS = 2 + (SUBSCRIPTIONS + 15) / 16;
    /** Each subscription's own, two of each connection, one that watches, and those that the processors are worth. */
    private static final int THREADS =
            SUBSCRIPTIONS + 2 * CONNECTIONS + 1 + Runtime.getRuntime().availableProcessors() + 8;

    @Test
    void subscriptionsOfOneClientShareConnectionsAndThreads() throws Exception {
        int connectionsBefore = connections();
        long threadsBefore = threads("");
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (MessagingClient client = MessagingClient.builder()
                .transport(SharedRabbit.rabbit())
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build()) {
            for (int n = 0; n < SUBSCRIPTIONS; n++) {
                String name = "footprint-" + SUBSCRIPTIONS + "-" + n;
                client.ensure(DestinationSpec.of(name).group("g"));
                client.subscribe(name, Codecs.string()).group("g").handle(delivery -> handled.add(name));
            }
            for (int n = 0; n < SUBSCRIPTIONS; n++) {
                Publisher<String> publisher = client.publisher("footprint-" + SUBSCRIPTIONS + "-" + n, Codecs.string());
                publisher.publish(OutboundMessage.of("one")).join();
            }
            await().atMost(PATIENCE).until(() -> handled.size() == SUBSCRIPTIONS);
            await().atMost(PATIENCE).untilAsserted(() -> {
                LOG.info(
                        "footprint subscriptions={} connections={} adapterThreads={} allThreads={}",
                        SUBSCRIPTIONS,
                        connections() - connectionsBefore,
                        threads("oncemq-rabbit-"),
                        threads("") - threadsBefore);
                assertThat(connections() - connectionsBefore).isLessThanOrEqualTo(CONNECTIONS);
                assertThat(threads("oncemq-rabbit-")).isLessThanOrEqualTo(THREADS);
            });
        }
    }

    /** What the same number of consumers costs with the plain client, each with a connection of its own and nothing received yet. */
    @Test
    void subscriptionsTakeNoMoreThanHalfAsMuchAgainAsPlainConsumers() throws Exception {
        int connectionsBefore = connections();
        long threadsBefore = threads("");
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SharedRabbit.server().uri());
        List<Connection> open = new ArrayList<>();
        try {
            for (int n = 0; n < SUBSCRIPTIONS; n++) {
                Connection connection = factory.newConnection();
                open.add(connection);
                Channel channel = connection.createChannel();
                channel.basicConsume(channel.queueDeclare().getQueue(), new DefaultConsumer(channel));
            }
            long threads = threads("") - threadsBefore;
            int connections = connections() - connectionsBefore;
            LOG.info("footprint plainConsumers={} connections={} threads={}", SUBSCRIPTIONS, connections, threads);
            assertThat(connections).isEqualTo(SUBSCRIPTIONS);
            assertThat(2L * CONNECTIONS).isLessThanOrEqualTo(3L * connections);
            assertThat(2L * THREADS).isLessThanOrEqualTo(3 * threads);
        } finally {
            for (Connection each : open) {
                each.close();
            }
        }
    }

    private static int connections() {
        return Integer.parseInt(SharedRabbit.server()
                .eval("length(rabbit_networking:connections())")
                .trim());
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }
}
