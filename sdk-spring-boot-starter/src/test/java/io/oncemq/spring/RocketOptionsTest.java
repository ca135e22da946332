package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class RocketOptionsTest {
    private final ClientProperties client = new ClientProperties();
    private final RocketProperties properties = client.getRocket();
    private final TlsSettings tls = new TlsSettings(new MockEnvironment());

    private void everything() {
        properties.setAccessKey("me");
        properties.setSecretKey("s3cret");
        properties.setNamespace("shop");
        properties.setLockExpiry(Duration.ofSeconds(30));
        properties.getTls().setTrust(Path.of("ca.pem"));
        properties.getTls().setHostNameCheck(false);
    }

    @Test
    void optionsReachTheClientOfAUri() {
        everything();
        assertThat(BrokerKind.ROCKET.ofUri("oncemq.transport", "rocketmq://a:1,b:2", "oncemq.", client, tls))
                .asString()
                .contains("a:1, b:2", "namespace shop", "as me", "ca.pem")
                .doesNotContain("s3cret");
    }

    @Test
    void optionsReachTheClientOfNameServers() {
        everything();
        properties.setNameServers(List.of("a:1", "b"));
        assertThat(BrokerKind.ROCKET.ofServers("oncemq.rocket.name-servers", "oncemq.", client, tls))
                .asString()
                .contains("a:1, b:9876", "namespace shop", "as me", "ca.pem")
                .doesNotContain("s3cret");
    }

    @Test
    void namespaceOfTheUriStaysWithoutAnother() {
        assertThat(BrokerKind.ROCKET.ofUri("oncemq.transport", "rocketmq://a:1/till", "oncemq.", client, tls))
                .asString()
                .contains("namespace till");
    }
}
