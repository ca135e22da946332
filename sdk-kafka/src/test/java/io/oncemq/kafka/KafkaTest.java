package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.spi.Providers;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** K1 and the other settings that would break a promise silently. */
class KafkaTest {
    private final Kafka kafka = Kafka.at("localhost:9092");

    @ParameterizedTest
    @CsvSource({
        "acks, 1",
        "acks, 0",
        "enable.idempotence, false",
        "retries, 3",
        "max.in.flight.requests.per.connection, 6",
        "max.block.ms, 60000",
        "delivery.timeout.ms, 120000",
        "transactional.id, t",
        "partitioner.class, org.apache.kafka.clients.producer.RoundRobinPartitioner",
        "key.serializer, org.apache.kafka.common.serialization.StringSerializer",
        "value.serializer, org.apache.kafka.common.serialization.StringSerializer",
        "key.deserializer, org.apache.kafka.common.serialization.StringDeserializer",
        "value.deserializer, org.apache.kafka.common.serialization.StringDeserializer",
        "interceptor.classes, a.b.C",
        "enable.auto.commit, true",
        "isolation.level, read_uncommitted",
        "auto.offset.reset, latest",
        "auto.offset.reset, earliest",
        "partition.assignment.strategy, org.apache.kafka.clients.consumer.RangeAssignor",
        "group.protocol, consumer",
        "group.protocol, classic",
        "group.remote.assignor, uniform",
        "group.id, g",
        "client.id, c",
        "bootstrap.servers, other:9092"
    })
    void refusesByNameWhatThePromiseForbids(String name, String value) {
        assertRefused(() -> kafka.clientProperty(name, value), name, value);
        assertRefused(() -> kafka.producerProperty(name, value), name, value);
        assertRefused(() -> kafka.consumerProperty(name, value), name, value);
    }

    private static void assertRefused(Runnable setting, String name, String value) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(setting::run)
                .satisfies(refused -> {
                    assertThat(refused.property()).isEqualTo(name);
                    assertThat(refused.value()).isEqualTo(value);
                    assertThat(refused.remedy()).isNotBlank();
                });
    }

    @ParameterizedTest
    @CsvSource({"session.timeout.ms, 10000", "heartbeat.interval.ms, 1000"})
    void refusesByNameWhatTheBrokerDecidesInTheConsumerProtocol(String name, String value) {
        Kafka consumer = kafka.groupProtocol(GroupProtocol.CONSUMER);
        assertRefused(() -> consumer.consumerProperty(name, value), name, value);
        assertRefused(() -> consumer.clientProperty(name, value), name, value);
        assertRefused(() -> kafka.consumerProperty(name, value).groupProtocol(GroupProtocol.CONSUMER), name, value);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> consumer.consumerProperty(name, value))
                .withMessageContaining("group.consumer." + name);
    }

    @Test
    void takesTheBrokersAssignorInTheConsumerProtocolOnly() {
        Kafka consumer = kafka.groupProtocol(GroupProtocol.CONSUMER).consumerProperty("group.remote.assignor", "range");
        assertRefused(() -> consumer.groupProtocol(GroupProtocol.CLASSIC), "group.remote.assignor", "range");
    }

    @ParameterizedTest
    @CsvSource({
        "acks, all",
        "acks, -1",
        "enable.idempotence, TRUE",
        "retries, 2147483647",
        "max.in.flight.requests.per.connection, 1",
        "linger.ms, 50",
        "compression.type, zstd",
        "isolation.level, read_committed",
        "group.instance.id, pod-7",
        "auto.offset.reset, none",
        "max.poll.records, 100",
        "security.protocol, SASL_SSL",
        "some.plugin.setting, x"
    })
    void carriesAnyOtherProperty(String name, String value) {
        assertThatNoException().isThrownBy(() -> kafka.clientProperty(name, value));
        assertThatNoException().isThrownBy(() -> kafka.producerProperty(name, value));
        assertThatNoException().isThrownBy(() -> kafka.consumerProperty(name, value));
    }

    @Test
    void refusesAWordWhereANumberBelongs() {
        assertRefused(
                () -> kafka.producerProperty("max.in.flight.requests.per.connection", "many"),
                "max.in.flight.requests.per.connection",
                "many");
    }

    @Test
    void printsNoSecret() {
        Kafka secured = kafka.clientProperty("sasl.jaas.config", "password=hunter2")
                .clientProperty("ssl.keystore.password", "hunter2")
                .clientProperty("my.vault.token", "hunter2")
                .producerProperty("linger.ms", 7);
        assertThat(secured.toString())
                .doesNotContain("hunter2")
                .contains("localhost:9092", "sasl.jaas.config=***", "my.vault.token=***", "linger.ms=7");
    }

    @Test
    void printsWhoLogsInAndWhomItTrustsButNoSecret() {
        Tls tls = Tls.trusting(Path.of("ca.p12"), "hunter2").identity(Path.of("me.p12"), "hunter2");
        assertThat(kafka.tls(tls).scram("orders", "hunter2").toString())
                .doesNotContain("hunter2")
                .contains("ca.p12", "me.p12", "SCRAM-SHA-512 as user orders");
        BearerToken token = new BearerToken("hunter2", Instant.EPOCH);
        assertThat(token.toString() + kafka.oauthBearer(() -> token)).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({"security.protocol, PLAINTEXT", "ssl.truststore.location, other.p12", "sasl.mechanism, PLAIN"})
    void refusesTwoWaysToSayOneThing(String name, String value) {
        Kafka secured = kafka.tls(Tls.systemTrust()).plain("orders", "hunter2");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> secured.producerProperty(name, value))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo(name));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() ->
                        kafka.clientProperty(name, value).tls(Tls.systemTrust()).plain("orders", "hunter2"))
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("hunter2"));
        assertThatNoException().isThrownBy(() -> secured.clientProperty("ssl.enabled.protocols", "TLSv1.3"));
    }

    @Test
    void refusesALoginWithoutAName() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> kafka.plain("", "hunter2"))
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void namesTheSecurityPropertyThatIsInvalid() {
        Kafka secured = kafka.clientProperty("sasl.login.refresh.window.factor", "hunter2.with.dots");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> secured.open("c"))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("sasl.login.refresh.window.factor"))
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void keepsAMalformedCredentialOutOfTheError() {
        Kafka secured = kafka.clientProperty("security.protocol", "SASL_PLAINTEXT")
                .clientProperty("sasl.mechanism", "PLAIN")
                .clientProperty("sasl.jaas.config", "hunter2 without the form of a login module");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> secured.open("c"))
                .satisfies(error -> assertThat(error).hasNoCause())
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void isFoundByItsScheme() {
        assertThat(Providers.transport("kafka://a:9092,b:9093")).hasToString("Kafka[a:9092,b:9093]");
    }

    @ParameterizedTest
    @CsvSource({"classic, Kafka[a:9092]", "consumer, 'Kafka[a:9092, group.protocol=consumer]'"})
    void readsTheGroupProtocolFromAUri(String word, String expected) {
        assertThat(Providers.transport("kafka://a:9092?group.protocol=" + word)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "nowhere, nowhere, is not a list of host:port",
        "broker:x, broker:x, is not a list of host:port",
        "no-such-host.invalid:9092, no-such-host.invalid:9092, none of the hosts has an address",
        "me:s3cret@broker, ***@broker, is not a list of host:port"
    })
    void namesAnAddressThatIsNone(String servers, String shown, String problem) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Kafka.at(servers).open("test"))
                .satisfies(error -> assertThat(error.getMessage())
                        .startsWith("bootstrap.servers = " + shown + ": " + problem)
                        .doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @CsvSource({
        "consumer.groups=subscription, Kafka[a:9092]",
        "consumer.groups=group, 'Kafka[a:9092, consumer.groups=group]'",
        "group.protocol=consumer&consumer.groups=group, 'Kafka[a:9092, group.protocol=consumer, consumer.groups=group]'"
    })
    void readsTheConsumerGroupsFromAUri(String query, String expected) {
        assertThat(Providers.transport("kafka://a:9092?" + query)).hasToString(expected);
    }

    @Test
    void asksForTheNearestNameOfAnOptionOrProperty() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Providers.transport("kafka://a:9092?group.protocl=consumer"))
                .withMessageContaining("Did you mean group.protocol");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Kafka.at("a:9092").clientProperty("lingr.ms", 5))
                .withMessageContaining("Did you mean linger.ms");
        assertThat(Kafka.at("a:9092").clientProperty("my.interceptor.endpoint", "x"))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "kafka://a:9092?consumer.groups=topic",
        "kafka://a:9092?group.protocol=eager",
        "kafka://a:9092?group.protocol=consumer&acks=1",
        "kafka://user:secret@a:9092",
        "kafka:///",
        "kafka://a:9092/topic",
        "kafka://a:9092?acks=1"
    })
    void refusesAUriThatIsMoreOrLessThanBrokers(String uri) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> Providers.transport(uri))
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("secret"));
    }

    @Test
    void refusesToConnectToNothing() {
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> Kafka.at(" "));
    }
}
