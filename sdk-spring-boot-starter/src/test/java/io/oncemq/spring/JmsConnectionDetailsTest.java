package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConfigurationException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.activemq.autoconfigure.ActiveMQConnectionDetails;
import org.springframework.boot.artemis.autoconfigure.ArtemisConnectionDetails;
import org.springframework.boot.artemis.autoconfigure.ArtemisMode;
import org.springframework.mock.env.MockEnvironment;

/** Boot's connection details for ActiveMQ, and the broker URLs that they have. */
class JmsConnectionDetailsTest {
    private final ClientProperties client = new ClientProperties();
    private final TlsSettings tls = new TlsSettings(new MockEnvironment());

    private record OwnArtemis(
            @Nullable ArtemisMode mode,
            String url,
            @Nullable String user) implements ArtemisConnectionDetails {
        @Override
        public @Nullable ArtemisMode getMode() {
            return mode;
        }

        @Override
        public String getBrokerUrl() {
            return url;
        }

        @Override
        public @Nullable String getUser() {
            return user;
        }

        @Override
        public @Nullable String getPassword() {
            return user == null ? null : "s3cret";
        }
    }

    private record OwnClassic(String url, @Nullable String user) implements ActiveMQConnectionDetails {
        @Override
        public String getBrokerUrl() {
            return url;
        }

        @Override
        public @Nullable String getUser() {
            return user;
        }

        @Override
        public @Nullable String getPassword() {
            return user == null ? null : "s3cret";
        }
    }

    private @Nullable Object artemis(OwnArtemis details) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("details", details);
        return new FoundArtemis(beans.getBeanProvider(ArtemisConnectionDetails.class)).find("oncemq.", client, tls);
    }

    private Object classic(OwnClassic details) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("details", details);
        return Objects.requireNonNull(
                new FoundActiveMq(beans.getBeanProvider(ActiveMQConnectionDetails.class)).find("oncemq.", client, tls));
    }

    @Test
    void theLoginOfAContainerWins() {
        client.getArtemis().setUsername("other");
        client.getArtemis().setPassword("other");
        assertThat(artemis(new OwnArtemis(ArtemisMode.NATIVE, "tcp://container:9", "tester")))
                .hasToString("Artemis[[container:9], as tester]");
        assertThat(classic(new OwnClassic("tcp://container:9", "tester")))
                .hasToString("ActiveMQ[[container:9], as tester]");
    }

    @Test
    void theLoginOfPropertiesIsTakenWhereAContainerHasNone() {
        client.getArtemis().setUsername("me");
        client.getArtemis().setPassword("s3cret");
        assertThat(artemis(new OwnArtemis(null, "tcp://container:9", null)))
                .hasToString("Artemis[[container:9], as me]");
    }

    @Test
    void aBrokerThatBootEmbedsIsNone() {
        assertThat(artemis(new OwnArtemis(ArtemisMode.EMBEDDED, "vm://0", null)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp://a:1 | a:1 | false",
                "nio://[::1]:2/ | [::1]:2 | false",
                "ssl://a:1 | a:1 | true",
                "nio+ssl://a:1 | a:1 | true",
                "tcp://a:1?sslEnabled=true | a:1 | true",
                "tcp://a:1?sslEnabled=false | a:1 | false",
                "(tcp://a:1, tcp://b:2)?sslEnabled=true | a:1,b:2 | true",
                "failover:(ssl://a:1,ssl://b:2) | a:1,b:2 | true",
                "failover://(tcp://a:1) | a:1 | false",
            })
    void addressesAndEncryptionOfAUrl(String url, String addresses, boolean encrypted) {
        assertThat(BrokerUrl.of("details", url)).isEqualTo(new BrokerUrl("details", addresses, encrypted));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vm://0",
                "broker:9",
                "tcp://me:s3cret@a:1",
                "tcp://a:1?keyStorePassword=s3cret",
                "(tcp://a:1?verifyHost=false,tcp://b:2)",
                "failover:(tcp://a:1,ssl://b:2)",
            })
    void aUrlThatSaysMoreIsRefused(String url) {
        assertThatThrownBy(() -> BrokerUrl.of("ArtemisConnectionDetails", url))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("ArtemisConnectionDetails = ")
                .hasMessageContaining("OnceMqConnectionDetails")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void anEncryptedAddressStaysEncrypted() {
        assertThat(classic(new OwnClassic("ssl://a:1", null))).asString().contains("the JDK's authorities");
        client.getActivemq().getTls().setEnabled(false);
        assertThatThrownBy(() -> classic(new OwnClassic("ssl://a:1", null)))
                .hasMessageStartingWith(
                        "oncemq.activemq.tls.enabled = false: contradicts the ActiveMQConnectionDetails");
    }
}
