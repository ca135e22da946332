package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingEvent.SourceResumed;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.Tls;
import io.oncemq.jms.ActiveMq;
import io.oncemq.jms.Artemis;
import io.oncemq.spi.TlsContexts;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.fault.TlsTerminator;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A1, A3, S9: what proxies do to the connection of a running subscription. Without a store. */
class JmsProxyIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LARGE = 300_000;

    @TempDir
    static Path folder;

    private static TestCertificates certificates;

    private final String destination = "proxied-" + UUID.randomUUID();
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private TcpProxy proxy;

    /** @param transport at an address, with TLS or without */
    private record Broker(int port, TransportFactory direct, BiFunction<String, Boolean, TransportFactory> transport) {}

    @BeforeAll
    static void make() {
        certificates = TestCertificates.in(folder);
    }

    static Stream<Named<Broker>> brokers() {
        return Stream.of(
                Named.of(
                        "Artemis",
                        new Broker(ArtemisRig.server().port(), ArtemisRig.artemis(), (address, encrypted) -> {
                            Artemis artemis = Artemis.at(address);
                            return encrypted ? artemis.tls(tls()) : artemis;
                        })),
                Named.of(
                        "Classic",
                        new Broker(ActiveMqRig.server().port(), ActiveMqRig.activeMq(), (address, encrypted) -> {
                            ActiveMq classic = ActiveMq.at(address);
                            return encrypted ? classic.tls(tls()) : classic;
                        })));
    }

    private static Tls tls() {
        return Tls.trusting(certificates.authority());
    }

    @AfterEach
    void close() throws Exception {
        proxy.restore();
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    /** Cut in the midst of a body, each time another one. */
    @ParameterizedTest
    @MethodSource("brokers")
    void aLargeMessageThatIsCutOffEndsNothing(Broker broker) {
        proxy = closing(TcpProxy.to(broker.port()));
        MessagingClient publisher = client(broker.direct());
        publisher.ensure(DestinationSpec.builder(destination).group("g").build());
        Subscription subscription = subscribe(broker.transport().apply("127.0.0.1:" + proxy.port(), false));
        publish(publisher, "first");
        for (int round = 0; round < 6; round++) {
            long resets = proxy.resets();
            // More than what else is said on a connection, and less than a body.
            proxy.resetAfterReplyBytes(LARGE / 2 + 20_000L * round);
            String body = round + "-" + "x".repeat(LARGE);
            publisher
                    .publisher(destination, Codecs.string())
                    .publish(OutboundMessage.of(body).id("large-" + round))
                    .join();
            await().atMost(PATIENCE).until(() -> proxy.resets() > resets);
            proxy.restore();
            await().atMost(PATIENCE).until(() -> handled.contains(body));
        }
        publish(publisher, "last");
        assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void aProxyWithTlsThatAcceptsAndClosesOrSpeaksHttpInterruptsASubscription(Broker broker) {
        TlsTerminator terminator = closing(TlsTerminator.before(broker.port(), TlsContexts.of(server())));
        proxy = closing(TcpProxy.to(terminator.port()));
        MessagingClient publisher = client(broker.direct());
        publisher.ensure(DestinationSpec.builder(destination).group("g").build());
        Subscription subscription = subscribe(broker.transport().apply("localhost:" + proxy.port(), true));
        publish(publisher, "first");
        proxy.acceptAndClose();
        awaitThreeAttempts();
        proxy.restore();
        publish(publisher, "after a proxy without a server");
        proxy.answerHttp();
        awaitThreeAttempts();
        proxy.restore();
        publish(publisher, "after HTTP");
        assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
        assertThat(events).hasAtLeastOneElementOfType(SourceInterrupted.class);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events).hasAtLeastOneElementOfType(SourceResumed.class));
    }

    private void awaitThreeAttempts() {
        long accepted = proxy.accepted();
        proxy.finish();
        await().atMost(PATIENCE).until(() -> proxy.accepted() >= accepted + 3);
    }

    private static Tls server() {
        return Tls.trusting(certificates.authority())
                .identity(certificates.serverCertificate(), certificates.serverKey());
    }

    private Subscription subscribe(TransportFactory transport) {
        return client(transport)
                .subscription(destination, Codecs.string())
                .group("g")
                .handler(delivery -> handled.add(delivery.body()))
                .start();
    }

    private void publish(MessagingClient client, String body) {
        client.publisher(destination, Codecs.string())
                .publish(OutboundMessage.of(body).id(body))
                .join();
        await().atMost(PATIENCE).until(() -> handled.contains(body));
    }

    private MessagingClient client(TransportFactory transport) {
        return closing(MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(transport)
                .withoutIdempotency()
                .eventListener(events::add)
                .build());
    }

    private <C extends AutoCloseable> C closing(C resource) {
        open.add(resource);
        return resource;
    }
}
