package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.Providers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RocketProviderTest {
    @Test
    void takesNameServersAndANamespaceFromAUri() {
        assertThat(Providers.transport("rocketmq://one:9877,two")).hasToString("Rocket[[one:9877, two:9876]]");
        assertThat(Providers.transport("rocketmq://one/shop")).hasToString("Rocket[[one:9876], namespace shop]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rocketmq:///",
                "rocketmq://user:hidden@host:9876",
                "rocketmq://host/a/b",
                "rocketmq://host?a=b",
                "rocketmq://host#a"
            })
    void refusesWhatElseStandsInAUriAndPrintsNoCredentials(String uri) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Providers.transport(uri))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("transport"))
                .satisfies(refused -> assertThat(refused.remedy()).contains("Rocket.at"))
                .satisfies(refused -> assertThat(refused).hasMessageNotContaining("hidden"));
    }
}
