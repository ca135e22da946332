package io.oncemq.it.jms;

import static io.oncemq.it.jms.ActiveMqRig.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.AuthenticationException;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Subscription;
import io.oncemq.Tls;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.it.SentOutcomes;
import io.oncemq.jms.ActiveMq;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.PublishSession;
import io.oncemq.testkit.server.ActiveMqServer;
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
class ActiveMqAccessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET = "secret-word";

    @TempDir
    static Path folder;

    private static TestCertificates certificates;
    private static ActiveMqServer server;

    private final SentOutcomes outcomes = new SentOutcomes();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() {
        certificates = TestCertificates.in(folder);
        ActiveMqServer.Builder builder = ActiveMqServer.builder().tls(certificates);
        for (String user : new String[] {"ensurer", "publisher", "consumer"}) {
            // Exactly what docs/activemq.md lists.
            builder.user(user, SECRET)
                    .permit(user, "write", "topic://VirtualTopic.oncemq.probe")
                    .permit(user, "admin", "topic://VirtualTopic.oncemq.probe")
                    .permit(user, "read", "queue://Consumer.oncemq.VirtualTopic.oncemq.probe")
                    .permit(user, "admin", "queue://Consumer.oncemq.VirtualTopic.oncemq.probe")
                    .permit(user, "read", "queue://oncemq.register.>");
        }
        for (String queue : new String[] {"queue://oncemq.register.>", "queue://Consumer.g.VirtualTopic.>"}) {
            builder.permit("ensurer", "write", queue).permit("ensurer", "admin", queue);
        }
        for (String operation : new String[] {"write", "admin"}) {
            builder.permit("publisher", operation, "topic://VirtualTopic.least.>")
                    .permit("consumer", operation, "topic://VirtualTopic.least.g.dlq.>")
                    .permit("consumer", operation, "topic://oncemq.members.g.>");
        }
        builder.permit("consumer", "read", "topic://oncemq.members.g.>")
                .permit("consumer", "read", "queue://Consumer.g.VirtualTopic.>");
        server = builder.build();
        server.start();
        try (BrokerTransport transport = plain("ensurer").open("ensurer")) {
            for (String destination : new String[] {"least", "least.g.dlq", "closed", "closed.g.dlq"}) {
                transport.ensure(DestinationSpec.builder(destination).group("g").build());
            }
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void eachDoesItsPartOverTlsWithTheRightsThatThePageNames() {
        try (MessagingClient publisher = client(encrypted("localhost", shown()), "publisher");
                MessagingClient consumer = client(encrypted("localhost", shown()), "consumer")) {
            subscribe(consumer, "least");
            publisher
                    .publisher("least", Codecs.string())
                    .publish(OutboundMessage.of("1").key("k"))
                    .join();
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
        ActiveMq plain = ActiveMq.at("127.0.0.1:" + server.port());
        for (ActiveMq each :
                new ActiveMq[] {plain, plain.login("publisher", "wrong-word"), plain.login("who", SECRET)}) {
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
        try (BrokerTransport transport = plain("publisher").open("publisher");
                PublishSession session = transport.openPublishSession(outcomes)) {
            session.send(frame("closed", "k", "may not"), 1);
            session.send(frame("closed", null, "may not"), 2);
            await().atMost(PATIENCE).until(() -> outcomes.decided() == 2);
            assertThat(outcomes.rejected).containsEntry(1, Reason.UNAUTHORIZED).containsEntry(2, Reason.UNAUTHORIZED);
            session.send(frame("least", "other", "may"), 3);
            await().atMost(PATIENCE).until(() -> outcomes.confirmed.containsKey(3));
        }
    }

    @Test
    void saysAtTheStartWhichRightToConsumeIsMissing() {
        try (MessagingClient client = client(plain("publisher"), "publisher")) {
            Subscription refused = subscribe(client, "closed");
            await().atMost(PATIENCE).until(() -> refused.state() == Subscription.State.FAILED);
            assertThat(refused.failure().orElseThrow())
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("read from")
                    .hasMessageNotContaining(SECRET);
        }
    }

    private Subscription subscribe(MessagingClient client, String destination) {
        return client.subscription(destination, Codecs.string())
                .group("g")
                .handler(delivery -> handled.add(delivery.body()))
                .start();
    }

    private static MessagingClient client(ActiveMq activeMq, String user) {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(activeMq.login(user, SECRET))
                .idempotency(InProcessIdempotency.create())
                .build();
    }

    private static ActiveMq plain(String user) {
        return ActiveMq.at("127.0.0.1:" + server.port()).login(user, SECRET);
    }

    private static ActiveMq encrypted(String host, Tls tls) {
        return ActiveMq.at(host + ":" + server.tlsPort()).tls(tls);
    }

    private static Tls shown() {
        return Tls.trusting(certificates.authority())
                .identity(certificates.clientCertificate(), certificates.clientKey());
    }
}
