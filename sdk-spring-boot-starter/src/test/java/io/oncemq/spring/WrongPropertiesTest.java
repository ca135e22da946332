package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Each refusal names the property as it was written, its value, and what to do. */
class WrongPropertiesTest {
    private static final String TRANSPORT = "oncemq.transport=toy://wrong";
    private static final String STORE = "oncemq.idempotency=memory://wrong";

    static Stream<Arguments> wrong() {
        return Stream.of(
                refused("oncemq.transport = (none)", "oncemq.transport=kafka://host:9092"),
                refused("oncemq.transport = nothing", "scheme://host:port", "oncemq.transport=nothing"),
                refused(
                        "oncemq.transport = carrier-pigeon://loft",
                        "Use kafka://, amqp://",
                        "oncemq.transport=carrier-pigeon://loft"),
                refused(
                        "oncemq.transport = kafka://***",
                        "oncemq.kafka.username",
                        "oncemq.transport=kafka://me:s3cret@h:9092"),
                refused(
                        "oncemq.transport = amqp://***",
                        "oncemq.rabbit.password",
                        "oncemq.transport=amqp://me:s3cret@h:5672"),
                refused(
                        "oncemq.transport = kafka://h:9092/…",
                        "clientProperty",
                        "oncemq.transport=kafka://h:9092/topic",
                        STORE),
                refused("oncemq.idempotency = (none)", "oncemq.without-idempotency=true", TRANSPORT),
                refused(
                        "oncemq.idempotency = redis://***@h:bad",
                        "redis://host:6379",
                        TRANSPORT,
                        "oncemq.idempotency=redis://u:s3cret@h:bad"),
                refused(
                        "oncemq.idempotency = nothing://x",
                        "sdk-dedup-redis",
                        TRANSPORT,
                        "oncemq.idempotency=nothing://x"),
                refused(
                        "oncemq.without-idempotency = true",
                        "Remove one",
                        TRANSPORT,
                        STORE,
                        "oncemq.without-idempotency=true"),
                refused(
                        "oncemq.kafka.bootstrap-servers = a:1",
                        "oncemq.transport",
                        STORE,
                        "oncemq.kafka.bootstrap-servers=a:1",
                        "oncemq.rabbit.addresses=b:2"),
                refused("oncemq.kafka.password = (none)", "Set both", kafka("oncemq.kafka.username=me")),
                refused(
                        "oncemq.kafka.producer-properties.acks = 1",
                        "acks",
                        kafka("oncemq.kafka.producer-properties.acks=1")),
                refused(
                        "oncemq.kafka.consumer-properties.enable.auto.commit = true",
                        "commit",
                        kafka("oncemq.kafka.consumer-properties[enable.auto.commit]=true")),
                refused(
                        "oncemq.kafka.tls.certificate = c.pem",
                        "oncemq.kafka.tls.key",
                        kafka("oncemq.kafka.tls.certificate=c.pem")),
                refused(
                        "oncemq.kafka.commit-interval = PT0.001S",
                        "1 s suits most",
                        kafka("oncemq.kafka.commit-interval=1ms")),
                refused("oncemq.rabbit.username = (none)", "Set both", rabbit("oncemq.rabbit.password=x")),
                refused("oncemq.rabbit.heartbeat = PT0.5S", "ofSeconds(10)", rabbit("oncemq.rabbit.heartbeat=500ms")),
                refused(
                        "oncemq.rabbit.consumer-timeout = PT0.1S",
                        "consumer_timeout",
                        rabbit("oncemq.rabbit.consumer-timeout=100ms")),
                refused("oncemq.redis.password = (none)", "Set both", redis("oncemq.redis.username=me")),
                refused(
                        "oncemq.transport = rocketmq://***",
                        "oncemq.rocket.access-key and oncemq.rocket.secret-key",
                        "oncemq.transport=rocketmq://me:s3cret@h:9876"),
                refused(
                        "oncemq.rabbit.addresses = b:2: is set together with oncemq.rocket.name-servers",
                        "oncemq.transport",
                        STORE,
                        "oncemq.rocket.name-servers=a:1",
                        "oncemq.rabbit.addresses=b:2"),
                refused(
                        "oncemq.rocket.name-servers = 'a:b'",
                        "localhost:9876",
                        STORE,
                        "oncemq.rocket.name-servers=a:b",
                        "oncemq.clients.audit.transport=toy://named-clients-do-not-hide-the-default"),
                refused("oncemq.rocket.secret-key = (none)", "Set both", rocket("oncemq.rocket.access-key=me")),
                refused("oncemq.rocket.access-key = (none)", "Set both", rocket("oncemq.rocket.secret-key=s3cret")),
                refused(
                        "oncemq.rocket.lock-expiry = PT0.5S",
                        "lockMaxLiveTime",
                        rocket("oncemq.rocket.lock-expiry=500ms")),
                refused("oncemq.rocket.namespace = 'a b'", "Leave it out", rocket("oncemq.rocket.namespace=a b")),
                refused(
                        "oncemq.rocket.tls.host-name-check = ",
                        "withoutHostNameCheck",
                        rocket("oncemq.rocket.tls.enabled=true")),
                refused(
                        "oncemq.transport = artemis://***",
                        "oncemq.artemis.username and oncemq.artemis.password",
                        "oncemq.transport=artemis://me:s3cret@h:61616"),
                refused(
                        "oncemq.transport = activemq://***",
                        "oncemq.activemq.username and oncemq.activemq.password",
                        "oncemq.transport=activemq://me:s3cret@h:61616"),
                refused(
                        "oncemq.artemis.addresses = a:1: is set together with oncemq.activemq.addresses",
                        "oncemq.transport",
                        STORE,
                        "oncemq.artemis.addresses=a:1",
                        "oncemq.activemq.addresses=b:2"),
                refused("oncemq.artemis.username = (none)", "Set both", artemis("oncemq.artemis.password=s3cret")),
                refused("oncemq.activemq.password = (none)", "Set both", activemq("oncemq.activemq.username=me")),
                refused(
                        "oncemq.artemis.connection-ttl = PT0.5S",
                        "ofSeconds(30)",
                        artemis("oncemq.artemis.connection-ttl=500ms")),
                refused(
                        "oncemq.activemq.max-message-size = 0",
                        "16 << 20",
                        activemq("oncemq.activemq.max-message-size=0B")),
                refused(
                        "oncemq.artemis.max-message-size = 3221225472B",
                        "16MB",
                        artemis("oncemq.artemis.max-message-size=3GB")),
                refused(
                        "oncemq.rabbit.max-message-size = 3221225472B",
                        "16MB",
                        rabbit("oncemq.rabbit.max-message-size=3GB")),
                refused(
                        "oncemq.rabbit.max-message-size = -3221225472B",
                        "16MB",
                        rabbit("oncemq.rabbit.max-message-size=-3GB")),
                refused("oncemq.activemq.prefetch = 1", "100", activemq("oncemq.activemq.prefetch=1")),
                refused(
                        "oncemq.artemis.tls.certificate = c.pem",
                        "oncemq.artemis.tls.key",
                        artemis("oncemq.artemis.tls.certificate=c.pem")),
                refused(
                        "oncemq.redis.sentinel-password = (none)",
                        "Set both",
                        redis("oncemq.redis.sentinel-username=me")),
                refused("oncemq.redis.shards = 0", "1 to 1024", redis("oncemq.redis.shards=0")),
                refused("oncemq.redis.remember-for = PT0.5S", "redelivery", redis("oncemq.redis.remember-for=500ms")),
                refused("oncemq.accept-unchecked.x = ", "why", TRANSPORT, STORE, "oncemq.accept-unchecked.x= "),
                refused("oncemq.client-id = ''", "leave the default", TRANSPORT, STORE, "oncemq.client-id= "),
                refused("oncemq.cluster-name = ''", "leave the default", TRANSPORT, STORE, "oncemq.cluster-name= "),
                refused(
                        "oncemq.destinations.d.partitions = -1",
                        "Use 1",
                        TRANSPORT,
                        STORE,
                        "oncemq.profile=DEV",
                        "oncemq.destinations.d.partitions=-1"),
                refused(
                        "oncemq.clients.audit.transport = (none)",
                        "oncemq.clients.audit.transport=kafka",
                        "oncemq.clients.audit.client-id=a"),
                refused(
                        "oncemq.clients.audit.kafka.password = (none)",
                        "Set both",
                        "oncemq.clients.audit.transport=kafka://localhost:1",
                        "oncemq.clients.audit.kafka.username=me"),
                refused(
                        "oncemq.listeners.nobody = (settings)",
                        "[reader]",
                        TRANSPORT,
                        STORE,
                        "oncemq.profile=DEV",
                        "oncemq.listeners.nobody.concurrency=1"));
    }

    private static Arguments refused(String said, String remedy, String... properties) {
        return arguments(said, remedy, List.of(properties));
    }

    private static String[] kafka(String property) {
        return new String[] {"oncemq.transport=kafka://localhost:1", STORE, property};
    }

    private static String[] rabbit(String property) {
        return new String[] {"oncemq.transport=amqp://localhost:1", STORE, property};
    }

    private static String[] rocket(String property) {
        return new String[] {"oncemq.transport=rocketmq://localhost:1", STORE, property};
    }

    private static String[] artemis(String property) {
        return new String[] {"oncemq.transport=artemis://localhost:1", STORE, property};
    }

    private static String[] activemq(String property) {
        return new String[] {"oncemq.transport=activemq://localhost:1", STORE, property};
    }

    private static String[] redis(String property) {
        return new String[] {TRANSPORT, "oncemq.idempotency=redis://localhost:1", property};
    }

    @Configuration(proxyBeanMethods = false)
    static class Reader {
        @OnceListener(id = "reader", destination = "d", group = "g", autoStartup = "false")
        void read(String body) {}
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void namesPropertyValueAndRemedy(String said, String remedy, List<String> properties) {
        Toys.bare()
                .withUserConfiguration(Reader.class)
                .withPropertyValues(properties.toArray(String[]::new))
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis = new ConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis).as(said).isNotNull();
                    assertThat(analysis.getDescription()).startsWith(said);
                    assertThat(analysis.getDescription() + analysis.getAction())
                            .contains(remedy)
                            .doesNotContain("s3cret");
                });
    }

    @Test
    void misspeltPropertyFailsTheStart() {
        Toys.bare()
                .withPropertyValues(TRANSPORT, STORE, "oncemq.idempotencie=redis://h:1")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("oncemq.idempotencie"));
    }

    @Test
    void wrongTypesAreToldByBoot() {
        Toys.bare()
                .withPropertyValues(TRANSPORT, STORE, "oncemq.profile=CAREFREE")
                .run(context ->
                        assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("CAREFREE"));
    }

    @Test
    void profileIsNotWeakenedFromOutside() {
        new ApplicationContextRunner()
                .withSystemProperties("oncemq.profile=DEV")
                .withConfiguration(AutoConfigurations.of(OnceMqAutoConfiguration.class))
                .withPropertyValues(TRANSPORT, STORE)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("oncemq.profile = DEV: is set by a system property"));
    }

    @Test
    void serverThatIsAwayIsToldWithTheProperty() {
        Toys.bare().withPropertyValues("oncemq.transport=toy://away", STORE).run(context -> {
            FailureAnalysis analysis = new ConnectionFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription()).contains("does not answer");
            assertThat(analysis.getAction()).contains("oncemq.transport");
        });
    }

    @Test
    void whatDurableRefusesIsListedWithTheWayOut() {
        Toys.bare().withPropertyValues(TRANSPORT, STORE).run(context -> {
            FailureAnalysis analysis = new ConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription()).contains("DURABLE", "toy");
            assertThat(analysis.getAction()).contains("oncemq.profile=DEV");
        });
    }

    @Test
    void failedStartLeavesNoClientOpen() {
        Toys toys = new Toys();
        toys.application("g")
                .withUserConfiguration(FailingCustomizer.class)
                .run(context -> assertThat(context).hasFailed());
        assertThat(toys.broker().clients()).isZero();
    }

    @Test
    void destinationThatCannotBeMadeEndsTheStartAndLeavesNoClientOpen() {
        Toys toys = new Toys();
        toys.broker().refuse("orders");
        toys.application("g")
                .withPropertyValues("oncemq.destinations.orders.groups=billing")
                .run(context -> assertThat(Toys.told(context.getStartupFailure()))
                        .contains("oncemq.destinations.orders = orders", "the toy does not make it", "Name another"));
        assertThat(toys.broker().clients()).isZero();
        toys.application("g")
                .withBean(DestinationSpec.class, () -> DestinationSpec.of("orders"))
                .run(context -> assertThat(context).hasFailed());
        assertThat(toys.broker().clients()).isZero();
    }

    @Configuration(proxyBeanMethods = false)
    static class FailingCustomizer {
        @Bean
        Object user(MessagingClient client) {
            throw new IllegalStateException("a bean fails after the client was made: " + client.capabilities());
        }
    }
}
