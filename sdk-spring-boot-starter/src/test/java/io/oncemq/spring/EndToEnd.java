package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import brave.handler.MutableSpan;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.oncemq.Capabilities;
import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.Delivery;
import io.oncemq.Feature;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.testkit.server.RedisServer;
import jakarta.validation.Valid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;

/** Applications on a real broker and a real Redis, found by connection details as containers have them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EndToEnd {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private RedisServer redis;

    /** Registers the connection details of the broker. */
    abstract void connect(GenericApplicationContext context);

    abstract void startBroker();

    abstract void stopBroker();

    abstract void closeBroker();

    /** Whether the broker tells clients how many messages wait. */
    boolean reportsBacklog() {
        return true;
    }

    @BeforeAll
    void startServers() {
        redis = RedisServer.started();
        startBroker();
    }

    @AfterAll
    void closeServers() {
        closeBroker();
        redis.close();
    }

    /** What the handlers of one test saw, through every start of the application. */
    static final class Seen {
        final List<String> charged = new CopyOnWriteArrayList<>();
        final List<String> receipts = new CopyOnWriteArrayList<>();
        final ConcurrentHashMap<String, Integer> attempts = new ConcurrentHashMap<>();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Shop {
        @Bean
        Billing billing(Seen seen, @OncePublisher("${it.receipts}") Publisher<String> receipts) {
            return new Billing(seen, receipts);
        }

        @Bean
        Checkout checkout(@OncePublisher("${it.orders}") Publisher<Order> orders) {
            return new Checkout(orders);
        }
    }

    record Checkout(Publisher<Order> orders) {
        CompletableFuture<?> order(String id, String customer, long cents) {
            return orders.publish(
                    OutboundMessage.of(new Order(id, customer, cents)).id(id).key(customer));
        }
    }

    record Billing(Seen seen, Publisher<String> receipts) {
        @OnceListener(
                id = "billing",
                destination = "${it.orders}",
                group = "billing",
                maxAttempts = "3",
                retryDelay = "20ms",
                maxRetryDelay = "50ms")
        void charge(@Valid Order order, Delivery<Order> delivery) {
            seen.attempts.merge(order.id(), 1, Integer::sum);
            if (order.cents() > 1_000_000) {
                throw new IllegalStateException("beyond the limit");
            }
            seen.charged.add(order.id());
            delivery.publishOnSuccess(receipts, OutboundMessage.of("receipt of " + order.id()));
        }

        @OnceListener(id = "mail", destination = "${it.receipts}", group = "mail")
        void mail(String receipt) {
            seen.receipts.add(receipt);
        }
    }

    private ConfigurableApplicationContext application(String name, Seen seen, String... more) {
        return started(new SpringApplicationBuilder(Shop.class).web(WebApplicationType.NONE), name, seen, more);
    }

    private ConfigurableApplicationContext started(
            SpringApplicationBuilder application, String name, Seen seen, String... more) {
        List<String> properties = new ArrayList<>(List.of(
                "it.orders=" + name,
                "it.receipts=" + name + "-receipts",
                "oncemq.profile=DEV",
                "oncemq.destinations." + name + ".groups=billing",
                "oncemq.destinations." + name + ".partitions=3",
                "oncemq.destinations." + name + "-receipts.groups=mail",
                "oncemq.health-timeout=30s",
                "oncemq.redis.timeout=20s",
                "spring.main.banner-mode=off"));
        properties.addAll(List.of(more));
        return application
                .properties(properties.toArray(String[]::new))
                .initializers(context -> {
                    GenericApplicationContext beans = (GenericApplicationContext) context;
                    beans.registerBean(Seen.class, () -> seen);
                    beans.registerBean(DataRedisConnectionDetails.class, () -> new RedisAt(redis.port()));
                    connect(beans);
                })
                .run();
    }

    private record RedisAt(int port) implements DataRedisConnectionDetails {
        @Override
        public Standalone getStandalone() {
            return Standalone.of("127.0.0.1", port);
        }
    }

    private static String name() {
        return "spring-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    }

    @Test
    final void duplicatesAreSuppressedAndFailuresEndInTheDeadLetter() {
        Seen seen = new Seen();
        String name = name();
        try (ConfigurableApplicationContext context = application(name, seen)) {
            Checkout checkout = context.getBean(Checkout.class);
            List<String> dead = new CopyOnWriteArrayList<>();
            context.getBean(MessagingClient.class)
                    .subscription(name + ".billing.dlq", Codecs.string())
                    .group("billing")
                    .deadLetter(DeadLetterPolicy.block())
                    .handler(delivery -> dead.add(delivery.headers().text("oncemq-dead-letter-id")))
                    .start();
            checkout.order("1", "ann", 100).join();
            checkout.order("1", "ann", 100).join();
            checkout.order("2", "bob", 2_000_000).join();
            checkout.order("3", "cid", -5).join();
            checkout.order("4", "bob", 300).join();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(seen.charged).containsExactlyInAnyOrder("1", "4");
                assertThat(seen.receipts).containsExactlyInAnyOrder("receipt of 1", "receipt of 4");
                assertThat(dead).containsExactlyInAnyOrder("2", "3");
            });
            assertThat(seen.attempts).containsEntry("2", 3).doesNotContainKey("3");
        }
    }

    @Test
    final void closingAndStartingAgainLosesAndRepeatsNothing() {
        Seen seen = new Seen();
        String name = name();
        int orders = 300;
        try (ConfigurableApplicationContext first = application(name, seen)) {
            Checkout checkout = first.getBean(Checkout.class);
            List<CompletableFuture<?>> sent = new ArrayList<>();
            for (int i = 0; i < orders; i++) {
                sent.add(checkout.order("o" + i, "customer" + i % 7, 1 + i));
            }
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
            await().atMost(PATIENCE).until(() -> seen.charged.size() > 20);
        }
        try (ConfigurableApplicationContext second = application(name, seen)) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(seen.charged).hasSizeGreaterThanOrEqualTo(orders);
                assertThat(seen.receipts).hasSizeGreaterThanOrEqualTo(orders);
            });
            assertThat(seen.charged).doesNotHaveDuplicates().hasSize(orders);
            assertThat(seen.receipts).doesNotHaveDuplicates().hasSize(orders);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(second.getBean(OnceListeners.class)
                                    .subscription("billing")
                                    .orElseThrow()
                                    .backlog())
                            .hasSize(reportsBacklog() ? 3 : 0)
                            .allMatch(shard -> shard.messages() == 0));
        }
    }

    @Test
    final void listenerThatStartsLaterHandlesWhatWaited() {
        Seen seen = new Seen();
        String name = name();
        try (ConfigurableApplicationContext context =
                application(name, seen, "oncemq.listeners.billing.auto-startup=false")) {
            Checkout checkout = context.getBean(Checkout.class);
            for (int i = 0; i < 5; i++) {
                checkout.order("o" + i, "c" + i, 1).join();
            }
            assertThat(seen.charged).isEmpty();
            OnceListeners listeners = context.getBean(OnceListeners.class);
            listeners.start("billing");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(seen.charged).hasSize(5));
        }
    }

    @Test
    final void healthFollowsTheBroker() {
        try (ConfigurableApplicationContext context = application(name(), new Seen())) {
            CompositeHealthContributor health =
                    context.getBean("oncemqHealthContributor", CompositeHealthContributor.class);
            CompositeHealthContributor client = (CompositeHealthContributor) health.getContributor("default");
            HealthIndicator broker = (HealthIndicator) client.getContributor("broker");
            HealthIndicator store = (HealthIndicator) client.getContributor("store");
            awaitUp(broker);
            awaitUp(store);
            stopBroker();
            assertThat(broker.health().getStatus()).isEqualTo(Status.DOWN);
            awaitUp(store);
            startBroker();
            awaitUp(broker);
        }
    }

    private static void awaitUp(HealthIndicator server) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(server.health().getStatus()).isEqualTo(Status.UP));
    }

    @Test
    final void tracesAndTheActuatorFollowAMessageFromPublisherToListener() throws Exception {
        Seen seen = new Seen();
        String name = name();
        SpringApplicationBuilder web =
                new SpringApplicationBuilder(Shop.class, Traced.class).web(WebApplicationType.SERVLET);
        try (ConfigurableApplicationContext context = started(
                web,
                name,
                seen,
                "server.port=0",
                "management.endpoints.web.exposure.include=*",
                "management.endpoint.health.show-components=always")) {
            Observation.createNotStarted("request", context.getBean(ObservationRegistry.class))
                    .observe(() -> context.getBean(Checkout.class)
                            .order("1", "ann", 100)
                            .join());
            Traced spans = context.getBean(Traced.class);
            List<String> path = List.of(
                    "send " + name, "process " + name, "send " + name + "-receipts", "process " + name + "-receipts");
            // A span may end after the one that it is the parent of.
            await().atMost(PATIENCE)
                    .until(() ->
                            path.stream().allMatch(each -> !spans.named(each).isEmpty()));
            MutableSpan request = spans.named("request").get(0);
            MutableSpan parent = request;
            for (String next : path) {
                assertThat(spans.named(next)).as(next).hasSize(1);
                MutableSpan span = spans.named(next).get(0);
                assertThat(span.traceId()).as(next).isEqualTo(request.traceId());
                assertThat(span.parentId()).as(next).isEqualTo(parent.id());
                parent = span;
            }
            assertActuator(new ActuatorClient(context), name);
        }
    }

    private void assertActuator(ActuatorClient actuator, String name) throws Exception {
        String group = "messaging.consumer.group.name:billing";
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(actuator.metric("oncemq.deliveries", group, "oncemq.outcome:processed"))
                        .isEqualTo(1));
        String sent = "messaging.destination.name:" + name;
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(actuator.metric("messaging.client.sent.messages", sent))
                        .isEqualTo(1));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(actuator.metric("messaging.process.duration", group))
                        .isEqualTo(1));
        if (reportsBacklog()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(actuator.metric("oncemq.lag", group)).isZero());
        }
        assertThat(actuator.get("/health/oncemq").get("status").asString()).isEqualTo("UP");
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode billing = actuator.get("/oncemq/billing");
            assertThat(billing.get("destination").asString()).isEqualTo(name);
            assertThat(billing.get("inFlight").asInt()).isZero();
            assertThat(billing.path("waiting").asInt(0)).isZero();
            assertThat(billing.get("backlog").size()).isEqualTo(reportsBacklog() ? 3 : 0);
        });
        assertThat(actuator.post("/oncemq/billing", "{\"action\": \"PAUSE\"}")
                        .get("state")
                        .asString())
                .isEqualTo("PAUSED");
        assertThat(actuator.post("/oncemq/billing", "{\"action\": \"RESUME\"}")
                        .get("state")
                        .asString())
                .isEqualTo("RUNNING");
    }

    /** The column of docs/choosing-a-broker.md. */
    abstract int columnOfThePage();

    @Test
    final void pageOnBrokersSaysWhatThisOneDeclares() throws Exception {
        Path page = Path.of("").toAbsolutePath().getParent().resolve("docs/choosing-a-broker.md");
        Map<String, String> told = Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1))
                .collect(Collectors.toMap(
                        cells -> cells[1].strip().replace("`", ""), cells -> cells[columnOfThePage()].strip()));
        try (ConfigurableApplicationContext context = application(name(), new Seen())) {
            Capabilities capabilities = context.getBean(MessagingClient.class).capabilities();
            Map<String, String> declared = Arrays.stream(Feature.values())
                    .collect(Collectors.toMap(
                            Feature::name,
                            feature -> capabilities.of(feature).level() + ": "
                                    + capabilities.of(feature).note()));
            if (declared.get("PRIORITY").contains("before RabbitMQ 4.0")) {
                declared.put("PRIORITY", told.get("PRIORITY")); // the page tells of the newer server
            }
            assertThat(told).isEqualTo(declared);
        }
    }
}
