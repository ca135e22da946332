package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
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

    @Test
    void printsNoSecretKey() {
        assertThat(Rocket.at("localhost").credentials("orders", "secret"))
                .hasToString("Rocket[[localhost:9876], as orders]");
    }
}
