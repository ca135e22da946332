package io.oncemq.it.rabbit;

import static io.oncemq.it.rabbit.PublishRig.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oncemq.AuthenticationException;
import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.Ordering;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException;
import io.oncemq.Receipt;
import io.oncemq.RetryPolicy;
import io.oncemq.Tls;
import io.oncemq.it.SentOutcomes;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.PublishSession;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.FreePorts;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, by which address, and what the others are told. */
@NeedsRabbit
class RabbitAccessIT {
    private static final Duration IDLE = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    static Path folder;

    private static TestCertificates certificates;
    private static RabbitServer server;
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        certificates = TestCertificates.in(folder);
        server = RabbitServer.builder().tls(certificates).build();
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void publishesOverTlsInAVirtualHostOfItsOwn() {
        server.createVirtualHost("shop/eu");
        Rabbit rabbit =
                encrypted("localhost", Tls.trusting(certificates.authority())).vhost("shop/eu");
        SentOutcomes outcomes = new SentOutcomes();
        try (BrokerTransport transport = rabbit.open("tls");
                PublishSession session = transport.openPublishSession(outcomes)) {
            String destination = PublishRig.destination(transport, 1);
            session.send(frame(destination, "k", "body"), 1);
            await().until(() -> outcomes.confirmed.containsKey(1));
        }
    }

    @Test
    void tellsWhatIsWrongWithTls() {
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> encrypted("localhost", Tls.trusting(certificates.otherAuthority()))
                        .open("stranger"))
                .withMessageContaining("Tls.trusting");
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> encrypted("127.0.0.1", Tls.trusting(certificates.authority()))
                        .open("name"))
                .withMessageContaining("withoutHostNameCheck");
        encrypted(
                        "127.0.0.1",
                        Tls.trusting(certificates.trustStore(), certificates.password())
                                .withoutHostNameCheck())
                .open("unchecked")
                .close();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> rabbit("localhost:" + server.port())
                        .tls(Tls.trusting(certificates.authority()))
                        .open("plain port"))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("tls"));
    }

    /** A3: a proxy whose broker is unreachable accepts and closes. That says nothing about the certificate, so it must not end a source. */
    @Test
    void aProxyThatClosesDuringTheHandshakeEndsNothing() {
        Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        try (TcpProxy proxy = TcpProxy.to(server.tlsPort())) {
            Rabbit rabbit = rabbit("localhost:" + proxy.port()).tls(Tls.trusting(certificates.authority()));
            proxy.acceptAndClose();
            assertThatExceptionOfType(ConnectionException.class)
                    .isThrownBy(() -> rabbit.open("early"))
                    .withMessageContaining("closed during the TLS handshake");
            proxy.restore();
            try (MessagingClient client = MessagingClient.builder()
                    .profile(Profile.DEV)
                    .transport(rabbit)
                    .withoutIdempotency()
                    .eventListener(events::add)
                    .build()) {
                client.ensure(DestinationSpec.builder("proxied").group("g").build());
                client.subscription("proxied", Codecs.string())
                        .group("g")
                        .handler(delivery -> handled.add(delivery.body()))
                        .start();
                publish(client, "before");
                await().until(() -> handled.contains("before"));
                proxy.acceptAndClose();
                long accepted = proxy.accepted();
                proxy.finish();
                await().atMost(PATIENCE).until(() -> proxy.accepted() >= accepted + 6);
                proxy.restore();
                publish(client, "after");
                await().atMost(PATIENCE).until(() -> handled.contains("after"));
            }
        }
        assertThat(events)
                .hasAtLeastOneElementOfType(SourceInterrupted.class)
                .doesNotHaveAnyElementsOfTypes(AccessRefused.class);
    }

    private static void publish(MessagingClient client, String body) {
        client.publisher("proxied", Codecs.string())
                .publish(OutboundMessage.of(body).id(body))
                .join();
    }

    @Test
    void tellsThatTheLoginIsWrongAndPrintsNoPassword() {
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> Rabbit.at("127.0.0.1:" + server.port())
                        .login("nobody", "secret-word")
                        .open("login"))
                .satisfies(refused -> assertThat(refused.property()).contains("login"))
                .withMessageNotContaining("secret-word");
    }

    @Test
    void tellsThatThereIsNoSuchVirtualHostOrThatTheUserMayNotEnterIt() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() ->
                        rabbit("127.0.0.1:" + server.port()).vhost("missing").open("vhost"))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("vhost"));
        server.createVirtualHost("closed");
        server.createUser("outsider", "word", "/", ".*", ".*", ".*");
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> Rabbit.at("127.0.0.1:" + server.port())
                        .login("outsider", "word")
                        .vhost("closed")
                        .open("vhost"))
                .satisfies(refused -> assertThat(refused.property()).contains("vhost"));
    }

    @Test
    void goesToTheNextAddressWhereOneDoesNotAnswer() {
        int free = FreePorts.reserve();
        for (int i = 0; i < 8; i++) {
            rabbit("127.0.0.1:" + free + ",127.0.0.1:" + server.port())
                    .open("failover")
                    .close();
        }
        assertThatExceptionOfType(ConnectionException.class)
                .isThrownBy(() -> rabbit("127.0.0.1:" + free).open("nobody"));
    }

    /** Exactly what docs/rabbitmq.md lists. */
    @Test
    void eachDoesItsPartWithTheRightsThatThePageNames() {
        server.createUser("ensurer", "word", "/", "least(\\..*)?", "least(\\..*)?", "least(\\..*)?");
        server.createUser("publisher", "word", "/", "", "least", "");
        server.createUser(
                "consumer",
                "word",
                "/",
                "least\\.billing\\.members",
                "least\\.billing\\.(dlq|members)",
                "least\\.billing\\..*");
        server.createUser(
                "instance", "word", "/", "least\\.cache@.*", "least\\.cache(@.*|\\.dlq)", "least|least\\.cache@.*");
        List<String> handled = new CopyOnWriteArrayList<>();
        try (MessagingClient ensurer = as("ensurer");
                MessagingClient publisher = as("publisher");
                MessagingClient consumer = as("consumer");
                MessagingClient instance = as("instance")) {
            ensurer.ensure(DestinationSpec.builder("least")
                    .partitions(2)
                    .group("billing")
                    .group("mailer", Ordering.UNORDERED)
                    .broadcast("cache")
                    .build());
            consumer.subscription("least", Codecs.string())
                    .group("billing")
                    .retry(RetryPolicy.none())
                    .handler(delivery -> {
                        handled.add("billing " + delivery.body());
                        throw new IllegalStateException("to the dead letter");
                    })
                    .start();
            instance.subscription("least", Codecs.string())
                    .group("cache")
                    .broadcast("one")
                    .handler(delivery -> handled.add("cache " + delivery.body()))
                    .start();
            publish(publisher, "least", "1").join();
            await().untilAsserted(() -> assertThat(handled).containsExactlyInAnyOrder("billing 1", "cache 1"));
            await().untilAsserted(() -> assertThat(events).anyMatch(DeadLettered.class::isInstance));
        }
    }

    @Test
    void whoMayNotWriteIsRejectedAsUnauthorizedAndDisturbsNoOther() {
        server.createUser("reader", "word", "/", "", "open", "");
        try (MessagingClient ensurer = as(server.user(), server.password());
                MessagingClient reader = as("reader")) {
            ensurer.ensure(DestinationSpec.builder("closed").group("g").build());
            ensurer.ensure(DestinationSpec.builder("open").group("g").build());
            List<CompletableFuture<Receipt>> closed = new ArrayList<>();
            List<CompletableFuture<Receipt>> open = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                closed.add(publish(reader, "closed", "c" + n));
                open.add(publish(reader, "open", "o" + n));
            }
            open.forEach(CompletableFuture::join);
            assertThat(closed).allSatisfy(RabbitAccessIT::assertUnauthorized);
            assertThat(events).noneMatch(PublishSessionReplaced.class::isInstance);
            server.createUser("reader", "word", "/", "", "open|closed", "");
            publish(reader, "closed", "after").join();
        }
    }

    /**
     * A channel remembers what it was allowed until it has been idle for a while. Then the server closes it and does not tell over which
     * message. The last one to that exchange was not taken in any case; those before it may be stored.
     */
    @Test
    void aRightThatIsTakenAwayLeavesInDoubtOnlyWhatMayBeStoredAndRefusesTheRest() {
        server.createUser("leaver", "word", "/", "", "left", "");
        try (MessagingClient ensurer = as(server.user(), server.password());
                MessagingClient leaver = as("leaver")) {
            ensurer.ensure(DestinationSpec.builder("left").group("g").build());
            publish(leaver, "left", "allowed").join();
            server.createUser("leaver", "word", "/", "", "", "");
            await().pollDelay(IDLE)
                    .pollInterval(IDLE)
                    .untilAsserted(() -> assertUnauthorized(publish(leaver, "left", "under way")));
            assertUnauthorized(leaver.publisher("left", Codecs.string())
                    .publish(OutboundMessage.of("refused").key("another")));
            server.createUser("leaver", "word", "/", "", "left", "");
            publish(leaver, "left", "under way").join();
            publish(leaver, "left", "allowed again").join();
        }
    }

    private static void assertUnauthorized(CompletableFuture<Receipt> receipt) {
        assertThatThrownBy(receipt::join)
                .hasCauseInstanceOf(PublishRejectedException.class)
                .satisfies(failure -> assertThat(((PublishRejectedException) failure.getCause()).reason())
                        .isEqualTo(PublishRejectedException.Reason.UNAUTHORIZED));
    }

    private static CompletableFuture<Receipt> publish(MessagingClient by, String destination, String body) {
        return by.publisher(destination, Codecs.string())
                .publish(OutboundMessage.of(body).id(body).key("k"));
    }

    private MessagingClient as(String user) {
        return as(user, "word");
    }

    private MessagingClient as(String user, String password) {
        return MessagingClient.builder()
                .transport(Rabbit.at("127.0.0.1:" + server.port()).login(user, password))
                .withoutIdempotency()
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build();
    }

    private static Rabbit rabbit(String addresses) {
        return Rabbit.at(addresses).login(server.user(), server.password());
    }

    private static Rabbit encrypted(String host, Tls tls) {
        return rabbit(host + ":" + server.tlsPort()).tls(tls);
    }
}
