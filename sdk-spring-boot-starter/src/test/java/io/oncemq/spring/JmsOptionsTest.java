package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Tls;
import io.oncemq.jms.ActiveMq;
import io.oncemq.jms.Artemis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;

/** Options of both ActiveMQ brokers by properties. */
class JmsOptionsTest {
    private final ClientProperties client = new ClientProperties();
    private final TlsSettings tls = new TlsSettings(new MockEnvironment());

    private JmsProperties properties(BrokerKind kind) {
        return kind == BrokerKind.ARTEMIS ? client.getArtemis() : client.getActivemq();
    }

    private void everything(JmsProperties properties) {
        properties.setUsername("me");
        properties.setPassword("s3cret");
        properties.setConnectionTtl(Duration.ofSeconds(7));
        properties.setMaxMessageSize(DataSize.ofKilobytes(5));
        properties.getTls().setTrust(Path.of("ca.pem"));
        client.getActivemq().setPrefetch(9);
    }

    @ParameterizedTest
    @EnumSource(names = {"ARTEMIS", "ACTIVEMQ"})
    void optionsReachTheClientOfAUri(BrokerKind kind) {
        everything(properties(kind));
        String uri = (kind == BrokerKind.ARTEMIS ? "artemis" : "activemq") + "://a:1,b";
        assertThat(kind.ofUri("oncemq.transport", uri, "oncemq.", client, tls))
                .asString()
                .contains("a:1, b:61616", "as me", "ca.pem")
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @EnumSource(names = {"ARTEMIS", "ACTIVEMQ"})
    void optionsReachTheClientOfAddresses(BrokerKind kind) {
        everything(properties(kind));
        properties(kind).setAddresses(List.of("a:1", "b"));
        assertThat(kind.ofServers(kind.property("oncemq."), "oncemq.", client, tls))
                .usingRecursiveComparison()
                .isEqualTo(byHand(kind));
    }

    private static Object byHand(BrokerKind kind) {
        return kind == BrokerKind.ARTEMIS
                ? Artemis.at("a:1,b")
                        .tls(Tls.trusting(Path.of("ca.pem")))
                        .login("me", "s3cret")
                        .connectionTtl(Duration.ofSeconds(7))
                        .maxMessageSize(5 << 10)
                : ActiveMq.at("a:1,b")
                        .tls(Tls.trusting(Path.of("ca.pem")))
                        .login("me", "s3cret")
                        .connectionTtl(Duration.ofSeconds(7))
                        .maxMessageSize(5 << 10)
                        .prefetch(9);
    }
}
