package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fixture does on every version of RabbitMQ that is at hand. */
@NeedsRabbit(asProcess = true)
class RabbitVersionsIT {
    @RegisterExtension
    static final LeakCheck LEAKS = LeakCheck.threads("oncemq-", "AMQP ");

    @TempDir
    static Path certificates;

    static List<Path> homes() {
        return RabbitServer.homes();
    }

    @ParameterizedTest
    @Tag("slow")
    @MethodSource("homes")
    void keepsAMessageThroughAKillAndAlarmsAndServesTls(Path home) throws Exception {
        TestCertificates files = TestCertificates.in(certificates.resolve(home.getFileName()));
        try (RabbitServer rabbit = RabbitServer.builder()
                .home(home)
                .user("owner", "s3cret")
                .tls(files)
                .build()) {
            rabbit.start();
            assertThat(rabbit.description()).startsWith("RabbitMQ ").contains(version(home));
            Connection connection = factory(rabbit).newConnection();
            Channel channel = connection.createChannel();
            channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", "quorum"));
            channel.exchangeDeclare("hashed", "x-consistent-hash", true);
            rabbit.settle();
            channel.confirmSelect();
            channel.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, "m".getBytes(StandardCharsets.UTF_8));
            assertThat(channel.waitForConfirms(30_000)).isTrue();
            rabbit.raiseMemoryAlarm();
            rabbit.clearMemoryAlarm();
            assertThat(rabbit.closeConnections()).isEqualTo(1);
            await().atMost(Duration.ofSeconds(60)).until(() -> !connection.isOpen());
            rabbit.kill();
            rabbit.start();
            ConnectionFactory secured = factory(rabbit);
            secured.setHost("localhost");
            secured.setPort(rabbit.tlsPort());
            secured.useSslProtocol(trusting(files));
            secured.enableHostnameVerification();
            try (Connection again = secured.newConnection()) {
                Channel reader = again.createChannel();
                await().atMost(Duration.ofSeconds(60)).until(() -> reader.basicGet("q", true) != null);
            }
        }
    }

    private static String version(Path home) {
        return home.getFileName().toString().replace("rabbitmq_server-", "");
    }

    private static SSLContext trusting(TestCertificates files) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(
                files.trustStore().toFile(), files.password().toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static ConnectionFactory factory(RabbitServer rabbit) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(rabbit.host());
        factory.setPort(rabbit.port());
        factory.setUsername(rabbit.user());
        factory.setPassword(rabbit.password());
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }
}
