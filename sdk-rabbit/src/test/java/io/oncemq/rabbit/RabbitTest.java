package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.rabbitmq.client.Address;
import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RabbitTest {
    @Test
    void takesAListOfAddressesWithAndWithoutPorts() {
        assertThat(RabbitSettings.at("one:5672, two,[::1]:5673").addresses())
                .containsExactly(new Address("one", 5672), new Address("two", -1), new Address("[::1]", 5673));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a,,b", "host:0", "host:65536", "host:x", "user:secret@host:5672", "::1"})
    void refusesWhatIsNoListOfAddressesAndPrintsNoCredentials(String addresses) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Rabbit.at(addresses))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("addresses"))
                .satisfies(refused -> assertThat(refused).hasMessageNotContaining("secret"));
    }

    @Test
    void printsNoPassword() {
        Rabbit rabbit =
                Rabbit.at("localhost").login("orders", "secret").vhost("shop").tls(Tls.systemTrust());
        assertThat(rabbit).hasToString("Rabbit[[localhost], vhost shop, as orders, " + Tls.systemTrust() + "]");
    }

    @Test
    void refusesOptionsByNameThatMeanNothing() {
        Rabbit rabbit = Rabbit.at("localhost");
        assertRefused("heartbeat", () -> rabbit.heartbeat(Duration.ofMillis(1500)));
        assertRefused("heartbeat", () -> rabbit.heartbeat(Duration.ZERO));
        assertRefused("consumerTimeout", () -> rabbit.consumerTimeout(Duration.ZERO));
        assertRefused("maxMessageSize", () -> rabbit.maxMessageSize(0));
        assertRefused("user", () -> rabbit.login("", "secret"));
        assertRefused("vhost", () -> rabbit.vhost(""));
    }

    @Test
    void knowsUrisWithServersAndAVirtualHost() {
        assertThat(uri("amqp://one:5672,two:5673")).contains("[one:5672, two:5673], vhost /,");
        assertThat(uri("amqp://one:5672/")).contains("vhost /,");
        assertThat(uri("amqp://one:5672/shop")).contains("vhost shop,");
        assertThat(uri("amqp://one:5672/a%2Fb+c")).contains("vhost a/b+c,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"amqp://user:secret@host:5672", "amqp://host/a/b", "amqp://host/a?heartbeat=5", "amqp:host"})
    void refusesUrisThatSayMoreAndPrintsNoCredentials(String uri) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> uri(uri))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("transport"))
                .satisfies(refused -> assertThat(refused).hasMessageNotContaining("secret"));
    }

    private static String uri(String uri) {
        return new RabbitProvider().fromUri(URI.create(uri)).toString();
    }

    private static void assertRefused(String property, Runnable option) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(option::run)
                .satisfies(refused -> assertThat(refused.property()).isEqualTo(property));
    }
}
