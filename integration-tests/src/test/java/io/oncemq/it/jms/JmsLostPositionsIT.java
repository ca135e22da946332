package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.LostPositions;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.testkit.fault.TcpProxy;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.apache.activemq.command.ActiveMQQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An operator deletes a destination while its members are unreachable; what waited there is gone. */
class JmsLostPositionsIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private final String destination = "deleted-" + UUID.randomUUID();
    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    private interface Deletion {
        void of(String destination) throws Exception;
    }

    private record Deleting(JmsBroker broker, TcpProxy proxy, String queue, Deletion deletion) {
        @Override
        public String toString() {
            return broker.toString();
        }
    }

    static Stream<Deleting> brokers() {
        return Stream.of(
                new Deleting(
                        JmsBroker.artemis(ArtemisRig.artemis(), ArtemisRig.raw()),
                        ArtemisRig.proxy(),
                        "%s/g/0",
                        JmsLostPositionsIT::deleteOnArtemis),
                new Deleting(
                        JmsBroker.classic(ActiveMqRig.activeMq(), ActiveMqRig.raw()),
                        ActiveMqRig.proxy(),
                        "Consumer.g.VirtualTopic.%s.0",
                        JmsLostPositionsIT::deleteOnClassic));
    }

    private static void deleteOnArtemis(String destination) {
        ArtemisRig.raw().call(session -> {
            try {
                ((ActiveMQSession) session).getCoreSession().deleteQueue(SimpleString.of(destination + "/g/0"));
                return true;
            } catch (ActiveMQException e) {
                throw (JMSException) new JMSException(e.getMessage()).initCause(e);
            }
        });
    }

    private static void deleteOnClassic(String destination) throws JMSException {
        try (ActiveMQConnection connection = (ActiveMQConnection)
                new ActiveMQConnectionFactory(ActiveMqRig.server().uri()).createConnection()) {
            connection.start();
            connection.destroyDestination(new ActiveMQQueue("Consumer.g.VirtualTopic." + destination + ".0"));
            connection.destroyDestination(new ActiveMQQueue("oncemq.register." + destination));
        }
    }

    @AfterEach
    void restore() {
        ArtemisRig.proxy().restore();
        ActiveMqRig.proxy().restore();
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void aDestinationThatIsDeletedStopsASubscription(Deleting on) {
        try (MessagingClient client = client(on.broker());
                Subscription subscription = subscribe(client, LostPositions.STOP)) {
            deleteWhileUnreachable(on);
            await().atMost(PATIENT).until(() -> subscription.state() == Subscription.State.FAILED);
            assertThat(lost()).containsExactly(on.queue().formatted(destination));
            client.ensure(DestinationSpec.builder(destination).group("g").build());
            subscription.restart();
            publish(client, "after");
            await().atMost(PATIENT).until(() -> handled.contains("after"));
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void aSubscriptionThatMayLosePositionsWaitsUntilTheDestinationIsEnsuredAgain(Deleting on) {
        try (MessagingClient client = client(on.broker());
                Subscription subscription = subscribe(client, LostPositions.EARLIEST)) {
            deleteWhileUnreachable(on);
            await().atMost(PATIENT).until(() -> !lost().isEmpty());
            client.ensure(DestinationSpec.builder(destination).group("g").build());
            publish(client, "after");
            await().atMost(PATIENT).until(() -> handled.contains("after"));
            assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
        }
    }

    private void deleteWhileUnreachable(Deleting on) {
        on.proxy().refuse();
        on.proxy().reset();
        // The broker keeps a queue as long as it counts a consumer there.
        await().atMost(PATIENT).ignoreExceptions().until(() -> {
            on.deletion().of(destination);
            return true;
        });
        on.proxy().restore();
    }

    private List<String> lost() {
        return events.stream()
                .filter(PositionsLost.class::isInstance)
                .map(event -> ((PositionsLost) event).partition())
                .toList();
    }

    private MessagingClient client(JmsBroker broker) {
        MessagingClient client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(broker.transport())
                .withoutIdempotency()
                .eventListener(events::add)
                .build();
        client.ensure(DestinationSpec.builder(destination).group("g").build());
        return client;
    }

    private Subscription subscribe(MessagingClient client, LostPositions policy) {
        Subscription subscription = client.subscription(destination, Codecs.string())
                .group("g")
                .onLostPositions(policy)
                .handler(delivery -> handled.add(delivery.body()))
                .start();
        publish(client, "before");
        await().atMost(PATIENT).until(() -> handled.contains("before"));
        return subscription;
    }

    private void publish(MessagingClient client, String text) {
        client.publisher(destination, Codecs.string())
                .publish(OutboundMessage.of(text).key("k"))
                .join();
    }
}
