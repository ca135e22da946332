package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The subscriptions of a client receive over one connection. */
class JmsSharedConnectionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int SUBSCRIPTIONS = 20;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** @param connections of a client: for all subscriptions, for publishing, and for questions up to two */
    private record Broker(TransportFactory transport, TcpProxy proxy, int connections) {}

    static Stream<Named<Broker>> brokers() {
        return Stream.of(
                Named.of("Artemis", new Broker(ArtemisRig.artemis(), ArtemisRig.proxy(), 4)),
                Named.of("Classic", new Broker(ActiveMqRig.activeMq(), ActiveMqRig.proxy(), 7)));
    }

    private static MessagingClient client(Broker broker) {
        return MessagingClient.builder()
                .transport(broker.transport)
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build();
    }

    /** Each connection breaks, and then the broker is unreachable for a while: no subscription tries for itself. */
    @ParameterizedTest
    @MethodSource("brokers")
    void aConnectionThatBreaksIsOpenedOnceForAllSubscriptions(Broker broker) {
        TcpProxy proxy = broker.proxy;
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (MessagingClient client = client(broker)) {
            List<String> names = IntStream.range(0, SUBSCRIPTIONS)
                    .mapToObj(n -> "shared." + NUMBERS.incrementAndGet())
                    .toList();
            for (String name : names) {
                client.ensure(DestinationSpec.builder(name).group("g").build());
                client.subscription(name, Codecs.string())
                        .group("g")
                        .handler(delivery -> handled.add(delivery.body()))
                        .start();
            }
            publish(client, names, " before");
            await().atMost(PATIENCE).until(() -> handled.size() == SUBSCRIPTIONS);
            assertThat(proxy.open()).isLessThanOrEqualTo(broker.connections);
            long before = proxy.accepted();
            proxy.reset();
            publish(client, names, " after");
            await().atMost(PATIENCE).until(() -> handled.size() == 2 * SUBSCRIPTIONS);
            assertThat(proxy.open()).isLessThanOrEqualTo(broker.connections);
            assertThat(proxy.accepted() - before).isLessThan(SUBSCRIPTIONS);
        }
    }

    /** The message that its handler was at goes to another client, while the connection stays open for the other subscription. */
    @ParameterizedTest
    @MethodSource("brokers")
    void aClosedSubscriptionLeavesNothingBehindOnTheConnection(Broker broker) throws InterruptedException {
        String closing = "shared." + NUMBERS.incrementAndGet();
        String staying = "shared." + NUMBERS.incrementAndGet();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (MessagingClient client = client(broker)) {
            for (String name : List.of(closing, staying)) {
                client.ensure(DestinationSpec.builder(name).group("g").build());
            }
            Subscription stuck = client.subscription(closing, Codecs.string())
                    .group("g")
                    .handler(delivery -> {
                        begun.countDown();
                        never.await();
                    })
                    .start();
            client.subscription(staying, Codecs.string())
                    .group("g")
                    .handler(delivery -> handled.add(delivery.body()))
                    .start();
            publish(client, List.of(closing, staying), " 1");
            begun.await();
            await().atMost(PATIENCE).until(() -> handled.contains(staying + " 1"));
            stuck.close(Duration.ofSeconds(1));
            try (MessagingClient other = client(broker)) {
                other.subscription(closing, Codecs.string())
                        .group("g")
                        .handler(delivery -> handled.add(delivery.body()))
                        .start();
                await().atMost(PATIENCE).until(() -> handled.contains(closing + " 1"));
            }
            publish(client, List.of(staying), " 2");
            await().atMost(PATIENCE).until(() -> handled.contains(staying + " 2"));
        }
    }

    private static void publish(MessagingClient client, List<String> names, String what) {
        for (String name : names) {
            client.publisher(name, Codecs.string())
                    .publish(OutboundMessage.of(name + what))
                    .join();
        }
    }
}
