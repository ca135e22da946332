package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtemisTest {
    private final ArtemisProvider provider = new ArtemisProvider();

    @Test
    void readsAddressesFromAUri() {
        assertThat(provider.scheme()).isEqualTo("artemis");
        assertThat(provider.fromUri(URI.create("artemis://one,two:1234")))
                .hasToString("Artemis[[one:61616, two:1234]]");
        assertThat(provider.fromUri(URI.create("artemis://[::1]:1/"))).hasToString("Artemis[[[::1]:1]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"artemis:one", "artemis://one/queue", "artemis://one?ha=true", "artemis://user:secret@one"})
    void refusesMoreThanAddressesInAUri(String uri) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> provider.fromUri(URI.create(uri)))
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one:", "one:0", "one:65536", "one?a=b", "tcp://one", "one,,two"})
    void refusesWhatIsNoAddress(String addresses) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Artemis.at(addresses))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("addresses"));
    }

    @Test
    void refusesOptionsOutOfRange() {
        Artemis artemis = Artemis.at("one");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> artemis.connectionTtl(Duration.ofMillis(999)))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("connectionTtl"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> artemis.maxMessageSize(0))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("maxMessageSize"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*", "#", "a/b", "a::b"})
    void refusesNamesThatMeanSomethingToArtemis(String name) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> ArtemisNames.group(name, "g"))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("destination"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> ArtemisNames.group("d", name))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("group"));
    }
}
