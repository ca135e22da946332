package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import org.apache.rocketmq.remoting.protocol.NamespaceUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RocketNamesTest {
    @Test
    void writesWhatTopicsCannotHaveAsHexadecimal() {
        assertThat(RocketNames.topic("orders.billing.dlq")).isEqualTo("orders%2Ebilling%2Edlq");
        assertThat(RocketNames.topic("%RETRY%g")).isEqualTo("%25RETRY%25g");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "a_b-C9", "orders.billing.dlq", "%2E", "Bücher/€", "a|b", "%RETRY%g", "%"})
    void findsTheDestinationAgain(String destination) {
        String topic = RocketNames.topic(destination);
        assertThat(topic).matches("[%|a-zA-Z0-9_-]+");
        assertThat(RocketNames.destination(topic)).isEqualTo(destination);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "a.b", ".b", "2Ebilling", "ADs", "%2E", "A", "2e"})
    void keepsNamespacesApartFromEachOtherAndFromNone(String destination) {
        String topic = RocketNames.topic("shop", destination);
        assertThat(topic).startsWith("shop%");
        assertThat(RocketNames.destination("shop", topic)).isEqualTo(destination);
        // Outside of a namespace a % is always followed by two digits, and those were never destinations of one.
        assertThat(topic.substring("shop%".length())).doesNotMatch("[0-9A-F]{2}.*");
    }

    @Test
    void writesATopicInANamespaceAsRocketsOwnClientsDo() {
        assertThat(RocketNames.topic("shop", "orders")).isEqualTo(NamespaceUtil.wrapNamespace("shop", "orders"));
    }

    @Test
    void leavesTopicsOfOtherProgramsAsTheyAre() {
        assertThat(RocketNames.destination("%RETRY%billing")).isEqualTo("%RETRY%billing");
    }

    @Test
    void refusesWhatIsTooLongAsATopic() {
        assertThat(RocketNames.topic("a".repeat(127))).hasSize(127);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RocketNames.topic("a".repeat(124) + ".b"))
                .withMessageContaining("127");
    }
}
