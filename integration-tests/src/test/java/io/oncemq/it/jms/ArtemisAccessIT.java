package io.oncemq.it.jms;

import static io.oncemq.it.jms.ArtemisRig.frame;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.AuthenticationException;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.Subscription;
import io.oncemq.Tls;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.it.SentOutcomes;
import io.oncemq.jms.Artemis;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.PublishSession;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that authenticates and authorizes clients, and listens over TLS as well. */
class ArtemisAccessIT {
    private static final Duration PATIENCE = ofSeconds(60);
    private static final String SECRET = "secret-word";
    /** Exactly what docs/artemis.md lists. */
    private static final String[] ENSURING = {"createAddress", "createDurableQueue"};

    private static final String[] CONSUMING = {
        "consume", "send", "createAddress", "createNonDurableQueue", "deleteNonDurableQueue"
    };

    @TempDir
    static Path folder;

    private static TestCertificates certificates;
    private static ArtemisServer server;

    private final SentOutcomes outcomes = new SentOutcomes();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() {
        certificates = TestCertificates.in(folder);
        server = ArtemisServer.builder().tls(certificates).accessControl().build();
        server.createUser("ensurer", SECRET, ENSURING);
        server.createUser("publisher", SECRET, "send");
        server.createUser("consumer", SECRET, CONSUMING);
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void eachDoesItsPartOverTlsWithTheRightsThatThePageNames() {
        try (MessagingClient ensurer = client(encrypted("localhost", shown()), "ensurer");
                MessagingClient publisher = client(encrypted("localhost", shown()), "publisher");
                MessagingClient consumer = client(encrypted("localhost", stores()), "consumer")) {
            ensurer.ensure(DestinationSpec.builder("least").group("g").build());
            subscribe(consumer, "least");
            publish(publisher, "least", "1");
            await().atMost(PATIENCE).until(() -> handled.contains("1"));
        }
    }

    @Test
    void tellsWhatIsWrongWithTls() {
        Tls stranger = Tls.trusting(certificates.otherAuthority())
                .identity(certificates.clientCertificate(), certificates.clientKey());
        assertRefusedTls("localhost", stranger, "Tls.trusting");
        assertRefusedTls("127.0.0.1", shown(), "withoutHostNameCheck");
        assertRefusedTls("localhost", Tls.trusting(certificates.authority()), "Tls.identity");
        encrypted("127.0.0.1", shown().withoutHostNameCheck())
                .login("publisher", SECRET)
                .open("unchecked")
                .close();
    }

    /** A broker that takes seconds to refuse looks like an unreachable one. */
    private static void assertRefusedTls(String host, Tls tls, String remedy) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatExceptionOfType(AuthenticationException.class)
                        .isThrownBy(() ->
                                encrypted(host, tls).login("publisher", SECRET).open("refused"))
                        .satisfies(refused -> assertThat(refused.property()).contains("tls"))
                        .withMessageContaining(remedy));
    }

    @Test
    void tellsThatTheLoginIsWrongAndPrintsNoPassword() {
        Artemis plain = Artemis.at("127.0.0.1:" + server.port());
        for (Artemis each : new Artemis[] {plain, plain.login("publisher", "wrong-word"), plain.login("who", SECRET)}) {
            assertThatExceptionOfType(AuthenticationException.class)
                    .isThrownBy(() -> each.open("refused"))
                    .satisfies(refused -> assertThat(refused.property()).contains("login"))
                    .withMessageNotContaining(SECRET)
                    .withMessageNotContaining("wrong-word");
        }
        assertThat(plain.login("publisher", SECRET))
                .asString()
                .contains("publisher")
                .doesNotContain(SECRET);
    }

    @Test
    void rejectsWhatTheUserMayNotSendAndTheSessionGoesOn() {
        ensure("closed");
        server.createUser("sometimes", SECRET);
        try (BrokerTransport transport = plain("sometimes").open("sometimes");
                PublishSession session = transport.openPublishSession(outcomes)) {
            session.send(frame("closed", "k", "may not"), 1);
            session.send(frame("closed", null, "may not"), 2);
            await().atMost(PATIENCE).until(() -> outcomes.decided() == 2);
            assertThat(outcomes.rejected).containsEntry(1, Reason.UNAUTHORIZED).containsEntry(2, Reason.UNAUTHORIZED);
            server.createUser("sometimes", SECRET, "send");
            // The broker reads its users again within a second or so.
            await().atMost(PATIENCE).until(() -> {
                session.send(frame("closed", "k", "may"), new Object());
                return !outcomes.confirmed.isEmpty();
            });
        }
    }

    /** The broker does not answer who may send there and is not let in. */
    @Test
    void saysWhichSettingsTheUserMayNotRead() {
        try (BrokerTransport transport = plain("consumer").open("consumer")) {
            assertThat(transport.preflight())
                    .isNotEmpty()
                    .allMatch(finding -> finding.severity() == Finding.Severity.UNCHECKED);
        }
    }

    @Test
    void saysAtTheStartWhichRightToConsumeIsMissing() {
        ensure("unread");
        try (MessagingClient nobody = client(plain("publisher"), "publisher")) {
            Subscription refused = subscribe(nobody, "unread");
            await().atMost(PATIENCE).until(() -> refused.state() == Subscription.State.FAILED);
            assertThat(refused.failure().orElseThrow())
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("CONSUME")
                    .hasMessageNotContaining(SECRET);
        }
    }

    private static void ensure(String destination) {
        try (BrokerTransport transport = plain("ensurer").open("ensurer")) {
            transport.ensure(DestinationSpec.builder(destination)
                    .partitions(2)
                    .group("g")
                    .build());
            transport.ensure(
                    DestinationSpec.builder(destination + ".g.dlq").group("g").build());
        }
    }

    private Subscription subscribe(MessagingClient client, String destination) {
        return client.subscription(destination, Codecs.string())
                .group("g")
                .handler(delivery -> handled.add(delivery.body()))
                .start();
    }

    private static void publish(MessagingClient client, String destination, String body) {
        Publisher<String> publisher = client.publisher(destination, Codecs.string());
        publisher.publish(OutboundMessage.of(body).id(body).key("k")).join();
    }

    private static MessagingClient client(Artemis artemis, String user) {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(artemis.login(user, SECRET))
                .idempotency(InProcessIdempotency.create())
                .build();
    }

    private static Artemis plain(String user) {
        return Artemis.at("127.0.0.1:" + server.port()).login(user, SECRET);
    }

    private static Artemis encrypted(String host, Tls tls) {
        return Artemis.at(host + ":" + server.tlsPort()).tls(tls);
    }

    private static Tls shown() {
        return Tls.trusting(certificates.authority())
                .identity(certificates.clientCertificate(), certificates.clientKey());
    }

    private static Tls stores() {
        return Tls.trusting(certificates.trustStore(), certificates.password())
                .identity(certificates.clientStore(), certificates.password());
    }
}
