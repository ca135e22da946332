package io.oncemq.testkit.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.testkit.server.KafkaServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class StartedBrokerTest {
    private final MockEnvironment environment = new MockEnvironment();

    @ParameterizedTest
    @CsvSource({
        "kafka://a:9092, KAFKA",
        "amqp://a, RABBIT",
        "rocketmq://a, ROCKETMQ",
        "artemis://a, ARTEMIS",
        "activemq://a, ACTIVEMQ"
    })
    void theSchemeOfTheTransportNamesTheBroker(String uri, StartedBroker broker) {
        environment.setProperty("oncemq.transport", uri);
        assertThat(StartedBroker.of(TestBroker.AUTO, environment)).isEqualTo(broker);
    }

    @ParameterizedTest
    @CsvSource({
        "oncemq.kafka.bootstrap-servers, KAFKA",
        "oncemq.kafka.bootstrapServers, KAFKA",
        "oncemq.rabbit.addresses[0], RABBIT",
        "oncemq.rocket.name-servers, ROCKETMQ",
        "oncemq.artemis.addresses, ARTEMIS",
        "oncemq.activemq.addresses[0], ACTIVEMQ"
    })
    void elseThePropertyOfItsServersDoes(String property, StartedBroker broker) {
        environment.setProperty(property, "a:1");
        assertThat(StartedBroker.of(TestBroker.AUTO, environment)).isEqualTo(broker);
    }

    /** Artemis and Classic share sdk-jms, so the client's library counts as well. */
    @ParameterizedTest
    @CsvSource({
        "io.oncemq.kafka.Kafka, org.example.None, KAFKA",
        "io.oncemq.rabbit.Rabbit, org.example.None, RABBIT",
        "io.oncemq.rocket.Rocket, org.example.None, ROCKETMQ",
        "io.oncemq.jms.Artemis, org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory, ARTEMIS",
        "io.oncemq.jms.ActiveMq, org.apache.activemq.ActiveMQConnectionFactory, ACTIVEMQ"
    })
    void elseTheOnlyAdapterOnTheClassPathDoes(String adapter, String library, StartedBroker broker) {
        List<String> present = List.of(adapter, library, "io.oncemq.jms.Artemis", "io.oncemq.jms.ActiveMq");
        assertThat(StartedBroker.ofApplication(environment, present::contains)).isEqualTo(broker);
    }

    @Test
    void theAnnotationWins() {
        environment.setProperty("oncemq.transport", "kafka://a:9092");
        assertThat(StartedBroker.of(TestBroker.RABBIT, environment)).isEqualTo(StartedBroker.RABBIT);
        assertThat(StartedBroker.of(TestBroker.NONE, environment)).isNull();
    }

    @Test
    void saysWhatToSetWhereTheApplicationDoesNotTell() {
        assertThatThrownBy(() -> StartedBroker.ofApplication(environment, name -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no broker is named")
                .hasMessageEndingWith("Set @OnceMqTest(broker = …).");
        environment.setProperty("oncemq.kafka.bootstrap-servers", "a:1");
        environment.setProperty("oncemq.rabbit.addresses", "a:1");
        assertThatThrownBy(() -> StartedBroker.ofApplication(environment, name -> false))
                .hasMessageContaining("several brokers are named")
                .hasMessageContaining("KAFKA, RABBIT");
        environment.setProperty("oncemq.transport", "pigeon://a");
        assertThatThrownBy(() -> StartedBroker.ofApplication(environment, name -> false))
                .hasMessageContaining("oncemq.transport has another scheme");
    }

    @Test
    void aServerIsNamedByTheTransport() {
        Map<String, Object> properties = new LinkedHashMap<>();
        KafkaServer server = KafkaServer.builder().asProcess().build();
        try (server) {
            StartedBroker.KAFKA.name(server, properties);
            assertThat(properties).containsEntry("oncemq.transport", "kafka://" + server.bootstrap());
        }
    }
}
