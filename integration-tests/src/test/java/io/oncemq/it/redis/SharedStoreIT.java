package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.AnotherClusterSuspected;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.PreflightFindings;
import io.oncemq.OutboundMessage;
import io.oncemq.PreflightException;
import io.oncemq.Profile;
import io.oncemq.Receipt;
import io.oncemq.jms.ActiveMq;
import io.oncemq.jms.Artemis;
import io.oncemq.kafka.Kafka;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.server.ActiveMqServer;
import io.oncemq.testkit.server.ArtemisServer;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several clusters with equal destinations, groups and ids on one store. */
class SharedStoreIT {
    private static final int MESSAGES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static KafkaServer first;
    private static KafkaServer second;
    private static RedisServer redis;

    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final List<DuplicateSuppressed> suppressed = new CopyOnWriteArrayList<>();
    private final List<AnotherClusterSuspected> suspected = new CopyOnWriteArrayList<>();
    private final List<String> findings = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        first = KafkaServer.started();
        second = KafkaServer.started();
        redis = RedisServer.started();
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        redis.close();
    }

    @Test
    void twoKafkaClustersDoNotSuppressEachOther() {
        String orders = "two-clusters";
        try (MessagingClient one = client(kafka(first));
                MessagingClient other = client(kafka(second))) {
            handleAll(one, orders, "one");
            handleAll(other, orders, "other");
        }
        assertThat(suppressed).isEmpty();
    }

    @Test
    @NeedsRabbit
    void brokersOfTwoKindsDoNotSuppressEachOther() {
        String orders = "two-kinds";
        try (RabbitServer rabbit = RabbitServer.started();
                MessagingClient one = client(kafka(first));
                MessagingClient other = client(rabbit(rabbit))) {
            handleAll(one, orders, "kafka");
            handleAll(other, orders, "rabbit");
        }
        assertThat(suppressed).isEmpty();
    }

    @Test
    @NeedsRabbit
    void brokersWithoutAnIdentityAreToldApartByTheNameThatTheyAreGiven() {
        String orders = "named-apart";
        try (RabbitServer one = RabbitServer.started();
                RabbitServer other =
                        RabbitServer.builder().config("cluster_name", "berlin").build()) {
            other.start();
            try (BrokerTransport unnamed = rabbit(one).open("unnamed");
                    BrokerTransport named = rabbit(other).open("named")) {
                assertThat(unnamed.cluster())
                        .as("rabbit@host would change with the node")
                        .isEmpty();
                assertThat(named.cluster()).isEqualTo("berlin");
            }
            try (MessagingClient a = client(rabbit(one), builder -> builder.clusterName("paris"));
                    MessagingClient b = client(rabbit(other))) {
                handleAll(a, orders, "paris");
                handleAll(b, orders, "berlin");
            }
        }
        assertThat(suppressed).isEmpty();
    }

    @Test
    @NeedsRabbit
    void twoUnnamedRabbitServersAreReportedAndNamedOnesHandleAll() {
        try (RabbitServer one = RabbitServer.started();
                RabbitServer other = RabbitServer.started()) {
            reportedUntilTheyAreNamed("rabbitmq", rabbit(one), rabbit(other));
        }
    }

    @Test
    void twoUnnamedRocketServersAreReportedAndNamedOnesHandleAll() {
        try (RocketServer one = RocketServer.started();
                RocketServer other = RocketServer.started()) {
            reportedUntilTheyAreNamed("rocketmq", Rocket.at(one.nameServer()), Rocket.at(other.nameServer()));
        }
    }

    @Test
    void twoUnnamedClassicBrokersAreReportedAndNamedOnesHandleAll() {
        try (ActiveMqServer one = ActiveMqServer.started();
                ActiveMqServer other = ActiveMqServer.started()) {
            reportedUntilTheyAreNamed(
                    "activemq", ActiveMq.at("127.0.0.1:" + one.port()), ActiveMq.at("127.0.0.1:" + other.port()));
        }
    }

    @Test
    void twoArtemisBrokersDoNotSuppressEachOther() {
        String orders = "two-artemis";
        try (ArtemisServer one = ArtemisServer.started();
                ArtemisServer other = ArtemisServer.started();
                MessagingClient a = client(Artemis.at("127.0.0.1:" + one.port()));
                MessagingClient b = client(Artemis.at("127.0.0.1:" + other.port()))) {
            handleAll(a, orders, "one");
            handleAll(b, orders, "other");
        }
        assertThat(suppressed).isEmpty();
    }

    private void reportedUntilTheyAreNamed(String system, TransportFactory first, TransportFactory second) {
        String orders = "unnamed-" + system;
        assertThatExceptionOfType(PreflightException.class)
                .isThrownBy(() -> client(first, builder -> builder.profile(Profile.DURABLE)))
                .satisfies(refusal -> assertThat(refusal.findings())
                        .extracting(Finding::setting)
                        .contains("clusterName"));
        try (MessagingClient one = client(first);
                MessagingClient other = client(second)) {
            assertThat(findings).filteredOn("clusterName"::equals).hasSize(2);
            handleAll(one, orders, "one");
            assertThat(suspected).as("nothing to compare with").isEmpty();
            publishTo(other, orders);
            subscribe(other, orders, "other");
            await().atMost(PATIENCE).until(() -> suppressed.size() == MESSAGES);
        }
        assertThat(suspected).hasSize(1).allSatisfy(event -> {
            assertThat(event.known()).startsWith(system + ":localhost:");
            assertThat(event.identity()).startsWith(system + ":localhost:").isNotEqualTo(event.known());
        });
        handled.clear();
        findings.clear();
        suppressed.clear();
        try (MessagingClient one = client(first, builder -> builder.clusterName(system + "-paris"));
                MessagingClient other = client(second, builder -> builder.clusterName(system + "-berlin"))) {
            assertThat(findings).doesNotContain("clusterName");
            handleAll(one, orders + "-named", "paris");
            handleAll(other, orders + "-named", "berlin");
        }
        assertThat(suppressed).isEmpty();
        assertThat(suspected).as("of the named ones").hasSize(1);
    }

    private static void publishTo(MessagingClient client, String destination) {
        client.ensure(DestinationSpec.builder(destination).group("billing").build());
        publish(client, destination);
    }

    @Test
    void anotherClusterUnderAKnownNameIsRefusedUntilItIsAccepted() {
        String orders = "moved";
        String identity = "kafka:" + clusterId(second);
        try (MessagingClient one = client(kafka(first), builder -> builder.clusterName("shop"))) {
            handleAll(one, orders, "before");
        }
        handled.clear();
        try (MessagingClient moved = client(kafka(second), builder -> builder.clusterName("shop"))) {
            moved.ensure(DestinationSpec.builder(orders).group("billing").build());
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> subscribe(moved, orders, "refused"))
                    .satisfies(refusal -> assertThat(refusal.property()).isEqualTo("clusterName"))
                    .withMessageContaining("kafka:" + clusterId(first))
                    .withMessageContaining("acceptCluster(\"" + identity + "\")");
        }
        try (MessagingClient moved =
                client(kafka(second), builder -> builder.clusterName("shop").acceptCluster(identity))) {
            publish(moved, orders);
            subscribe(moved, orders, "after");
            await().atMost(PATIENCE).until(() -> suppressed.size() == MESSAGES);
        }
        assertThat(handled).as("they moved with their ids").isEmpty();
        try (MessagingClient later = client(kafka(second), builder -> builder.clusterName("shop"))) {
            subscribe(later, orders, "later");
        }
    }

    @Test
    void whatHasASourceIsTheSameOnEveryCluster() {
        String orders = "sourced";
        try (MessagingClient one = client(kafka(first));
                MessagingClient other = client(kafka(second))) {
            for (MessagingClient each : List.of(one, other)) {
                each.ensure(DestinationSpec.builder(orders).group("billing").build());
                each.publisher(orders, Codecs.string())
                        .publish(OutboundMessage.of("body").id("e-1").source("/shop"))
                        .join();
                subscribe(each, orders, "any");
                await().atMost(PATIENCE).until(() -> handled.size() + suppressed.size() > 0);
            }
            await().atMost(PATIENCE).until(() -> suppressed.size() == 1);
        }
        assertThat(handled).containsExactly("any e-1");
    }

    private void handleAll(MessagingClient client, String destination, String name) {
        publishTo(client, destination);
        subscribe(client, destination, name);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(handled)
                        .filteredOn(each -> each.startsWith(name + " "))
                        .hasSize(MESSAGES));
    }

    private static void publish(MessagingClient client, String destination) {
        List<CompletableFuture<Receipt>> all = client.publisher(destination, Codecs.string())
                .publishAll(IntStream.range(0, MESSAGES)
                        .mapToObj(n -> OutboundMessage.of("body").id("e-" + n).key("k" + n % 10))
                        .toList());
        all.forEach(CompletableFuture::join);
    }

    private void subscribe(MessagingClient client, String destination, String name) {
        client.subscription(destination, Codecs.string())
                .group("billing")
                .handler(delivery -> handled.add(name + " " + delivery.id()))
                .start();
    }

    private MessagingClient client(TransportFactory transport) {
        return client(transport, builder -> builder);
    }

    private MessagingClient client(TransportFactory transport, UnaryOperator<MessagingClientBuilder> more) {
        return more.apply(MessagingClient.builder()
                        .profile(Profile.DEV)
                        .transport(transport)
                        .idempotency(redis.uri())
                        .eventListener(this::heard))
                .build();
    }

    private void heard(MessagingEvent event) {
        if (event instanceof DuplicateSuppressed duplicate) {
            suppressed.add(duplicate);
        } else if (event instanceof AnotherClusterSuspected suspicion) {
            suspected.add(suspicion);
        } else if (event instanceof PreflightFindings found) {
            found.findings().forEach(finding -> findings.add(finding.setting()));
        }
    }

    private static String clusterId(KafkaServer server) {
        try (BrokerTransport transport = kafka(server).open("asking")) {
            return transport.cluster();
        }
    }

    private static Kafka kafka(KafkaServer server) {
        return Kafka.at(server.bootstrap());
    }

    private static Rabbit rabbit(RabbitServer server) {
        return Rabbit.at("127.0.0.1:" + server.port()).login(server.user(), server.password());
    }
}
