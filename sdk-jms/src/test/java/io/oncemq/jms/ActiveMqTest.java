package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveMqTest {
    private final ActiveMqProvider provider = new ActiveMqProvider();

    @Test
    void readsAddressesFromAUri() {
        assertThat(provider.scheme()).isEqualTo("activemq");
        assertThat(provider.fromUri(URI.create("activemq://one,two:1234")))
                .hasToString("ActiveMQ[[one:61616, two:1234]]");
        assertThat(provider.fromUri(URI.create("activemq://[::1]:1/"))).hasToString("ActiveMQ[[[::1]:1]]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"activemq:one", "activemq://one/queue", "activemq://one?ha=true", "activemq://user:secret@one"})
    void refusesMoreThanAddressesInAUri(String uri) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> provider.fromUri(URI.create(uri)))
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one:", "one:0", "one:65536", "one?a=b", "tcp://one", "one,,two"})
    void refusesWhatIsNoAddress(String addresses) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> ActiveMq.at(addresses))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("addresses"));
    }

    @Test
    void refusesOptionsOutOfRange() {
        ActiveMq activeMq = ActiveMq.at("one");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> activeMq.connectionTtl(Duration.ofMillis(999)))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("connectionTtl"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> activeMq.maxMessageSize(0))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("maxMessageSize"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> activeMq.prefetch(1))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("prefetch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*", ">", "a,b", "a?b", "a/b", "a b"})
    void refusesNamesThatMeanSomethingToActiveMq(String name) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> ActiveMqNames.queue(name, "g", 0))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("destination"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> ActiveMqNames.queue("d", name, 0))
                .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("group"));
    }

    /** The broker's own pattern for the queues of groups takes one name for the group. */
    @Test
    void hidesTheFullStopsOfAGroup() {
        assertThat(ActiveMqNames.queue("a.b", "c.d", 3)).isEqualTo("Consumer.c/d.VirtualTopic.a.b.3");
    }
}
