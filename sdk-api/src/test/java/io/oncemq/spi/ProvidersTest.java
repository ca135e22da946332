package io.oncemq.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a URI that no module of the class path takes; here there is none. */
class ProvidersTest {
    @ParameterizedTest
    @CsvSource({
        "kafka://h:9092, Add sdk-kafka",
        "amqp://h:5672, Add sdk-rabbit",
        "amqps://h:5671, Add sdk-rabbit",
        "rocketmq://h:9876, Add sdk-rocket",
        "artemis://h:61616, Add sdk-jms",
        "activemq://h:61616, Add sdk-jms",
        "kafak://h:9092, 'Did you mean kafka? If not, use kafka://, amqp://'",
        "Kafka://h:9092, 'Write the scheme in lower case, and add sdk-kafka'",
        "tibco://h:1, 'Use kafka://, amqp://, rocketmq://, artemis:// or activemq://'"
    })
    void namesTheModuleOfABroker(String uri, String remedy) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Providers.transport(uri))
                .satisfies(e -> assertThat(e.remedy()).startsWith(remedy));
    }

    @ParameterizedTest
    @CsvSource({"redis://h:6379", "rediss-cluster://h:6379", "redis-sentinel://h:26379/mymaster"})
    void namesTheModuleOfTheStore(String uri) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Providers.store(uri))
                .satisfies(e -> assertThat(e.remedy()).isEqualTo("Add sdk-dedup-redis"));
    }

    /** The part before the colon is a scheme to java.net.URI. */
    @ParameterizedTest
    @CsvSource({
        "localhost:6379, Write redis://localhost:6379",
        "10.0.0.1:6379, Write redis://10.0.0.1:6379",
        "redis, Write redis://redis",
        "me:s3cret@host:6379, Write redis://host:6379"
    })
    void showsHowAnAddressBecomesAUriOfAStore(String uri, String remedy) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Providers.store(uri))
                .satisfies(e -> assertThat(e.remedy()).isEqualTo(remedy))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void showsHowAddressesBecomeAUriOfABroker() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Providers.transport("a:9092,b:9092"))
                .satisfies(e -> assertThat(e.remedy()).startsWith("Write kafka://a:9092,b:9092, or amqp://"));
    }
}
