package io.oncemq.it.rabbit;

import static io.oncemq.it.rabbit.PublishRig.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.Tls;
import io.oncemq.it.SentOutcomes;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.PublishSession;
import io.oncemq.testkit.server.FreePorts;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, by which address, and what the others are told. */
@NeedsRabbit
class RabbitAccessIT {
    @TempDir
    static Path folder;

    private static TestCertificates certificates;
    private static RabbitServer server;

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

    private static Rabbit rabbit(String addresses) {
        return Rabbit.at(addresses).login(server.user(), server.password());
    }

    private static Rabbit encrypted(String host, Tls tls) {
        return rabbit(host + ":" + server.tlsPort()).tls(tls);
    }
}
