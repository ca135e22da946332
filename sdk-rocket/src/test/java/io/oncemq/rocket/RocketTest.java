package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RocketTest {
    @Test
    void takesAListOfNameServersWithAndWithoutPorts() {
        assertThat(RocketSettings.at("one:9877, two,[::1]:9876").joined()).isEqualTo("one:9877;two:9876;[::1]:9876");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a,,b", "host:0", "host:65536", "host:x", "user:hidden@host:9876", "a;b", "::1"})
    void refusesWhatIsNoListOfAddressesAndPrintsNoCredentials(String addresses) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Rocket.at(addresses))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("nameServers"))
                .satisfies(refused -> assertThat(refused).hasMessageNotContaining("hidden"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a%b", "a.b", "a|b"})
    void refusesANamespaceThatIsNoPartOfATopic(String namespace) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Rocket.at("localhost").namespace(namespace))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("namespace"));
    }

    @Test
    void refusesTlsThatTheClientCannotKeep() {
        Tls trusting = Tls.trusting(Path.of("ca.pem"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Rocket.at("localhost").tls(trusting))
                .withMessageContaining("withoutHostNameCheck");
    }

    /** The library would log it, and connect without encryption. */
    @Test
    void refusesToOpenWithACertificateThatIsNotThere() {
        Rocket rocket = Rocket.at("localhost:1")
                .tls(Tls.trusting(Path.of("no-such-file.pem")).withoutHostNameCheck());
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> rocket.open("client"))
                .withMessageContaining("no-such-file.pem");
    }

    @Test
    void printsNoSecretKey() {
        assertThat(Rocket.at("localhost").credentials("orders", "secret"))
                .hasToString("Rocket[[localhost:9876], as orders]");
    }
}
