package io.oncemq.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import brave.Span.Kind;
import brave.handler.MutableSpan;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.RetryPolicy;
import io.oncemq.micrometer.OnceMqMetrics;
import io.oncemq.micrometer.OnceMqObservations;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.server.NeedsRabbit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces with a real tracer through real brokers, and the metrics of the same story. */
class ObservabilityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FOREIGN_TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String FOREIGN_SPAN = "b7ad6b7169203331";
    private static final String STATE = "acme=opaque";

    private final String orders = "orders-" + UUID.randomUUID();
    private final String bills = "bills-" + UUID.randomUUID();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<String, String> tenants = new ConcurrentHashMap<>();
    private final Set<String> states = ConcurrentHashMap.newKeySet();
    private final Map<String, Headers> billed = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        meters.close();
    }

    private MessagingClient client(TransportFixture broker, Spans spans) {
        MessagingClientBuilder builder = MessagingClient.builder()
                .transport(broker.transport())
                .idempotency("memory://" + orders)
                .profile(Profile.DEV);
        OnceMqMetrics.on(meters).addTo(builder);
        OnceMqObservations.on(spans.registry()).addTo(builder);
        MessagingClient client = builder.build();
        client.ensure(DestinationSpec.builder(orders)
                .partitions(1)
                .group("sync")
                .group("async")
                .build());
        client.ensure(
                DestinationSpec.builder(bills).partitions(1).group("billing").build());
        return client;
    }

    /** A handler that fails once and then derives a bill, one that does so in a stage, and who receives the bills. */
    private void subscribe(MessagingClient client, Spans spans) {
        Publisher<String> out = client.publisher(bills, Codecs.string());
        client.subscription(orders, Codecs.string())
                .group("sync")
                .retry(RetryPolicy.builder()
                        .fixed(Duration.ofMillis(10))
                        .maxAttempts(2)
                        .build())
                .handler(delivery -> {
                    boolean poison = "poison".equals(delivery.body());
                    if (poison || delivery.attempt() == 1) {
                        throw new IllegalStateException("not at the first time");
                    }
                    tenants.put("sync", spans.tenant());
                    states.add(String.valueOf(delivery.headers().text("tracestate")));
                    delivery.publishOnSuccess(out, OutboundMessage.of("sync"));
                })
                .start();
        client.subscription(orders, Codecs.string())
                .group("async")
                .asyncHandler(delivery -> {
                    if (!"poison".equals(delivery.body())) {
                        delivery.publishOnSuccess(out, OutboundMessage.of("async"));
                    }
                    return CompletableFuture.runAsync(() -> {});
                })
                .start();
        client.subscription(bills, Codecs.string())
                .group("billing")
                .handler(delivery -> bill(delivery, spans))
                .start();
    }

    private void bill(Delivery<String> delivery, Spans spans) {
        tenants.put("bill of " + delivery.body(), spans.tenant());
        billed.put(String.valueOf(delivery.body()), delivery.headers());
    }

    @Test
    void aTraceGoesThroughKafka() {
        follows(KafkaFixture.consumerProtocol(), "kafka");
    }

    @Test
    @NeedsRabbit
    void aTraceGoesThroughRabbit() {
        follows(new RabbitFixture(), "rabbitmq");
    }

    @Test
    void aTraceGoesThroughRocket() {
        follows(new RocketFixture(), "rocketmq");
    }

    private void follows(TransportFixture broker, String system) {
        try (Spans spans = new Spans(false)) {
            try (MessagingClient client = client(broker, spans)) {
                subscribe(client, spans);
                Publisher<String> publisher = client.publisher(orders, Codecs.string());
                spans.request("acme", () -> {
                    OutboundMessage<String> order =
                            OutboundMessage.of("order").id("o-1").key("k");
                    publisher.publish(order).join();
                });
                await().atMost(PATIENCE).until(() -> billed.size() == 2);
                publisher
                        .publish(OutboundMessage.of("again").id("o-1").key("k"))
                        .join();
                publisher
                        .publish(OutboundMessage.of("poison").id("o-2").key("k"))
                        .join();
                await().atMost(PATIENCE)
                        .until(() -> count("oncemq.deliveries", "sync", "oncemq.outcome", "dead_lettered") == 1
                                && count("oncemq.deliveries", "async", "oncemq.outcome", "processed") == 2
                                && count("oncemq.deliveries", "billing", "oncemq.outcome", "processed") == 2);
                // One and the same outcome is counted by several meters, one after the other.
                await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertMetrics(system));
            }
            assertTrace(spans);
        }
    }

    private void assertTrace(Spans spans) {
        MutableSpan request = spans.only("request");
        List<MutableSpan> trace = spans.all().stream()
                .filter(span -> span.traceId().equals(request.traceId()))
                .toList();
        assertThat(trace).hasSize(1 + 1 + 3 + 2 + 2);
        MutableSpan published = only(trace, "send " + orders);
        assertThat(published.parentId()).isEqualTo(request.id());
        assertThat(published.kind()).isEqualTo(Kind.PRODUCER);
        List<MutableSpan> attempts = named(trace, "process " + orders);
        assertThat(attempts).hasSize(3).allSatisfy(span -> {
            assertThat(span.parentId()).isEqualTo(published.id());
            assertThat(span.kind()).isEqualTo(Kind.CONSUMER);
            assertThat(span.tag("messaging.message.id")).isEqualTo("o-1");
        });
        assertThat(attempts.stream()
                        .map(span -> span.tag("messaging.consumer.group.name") + span.tag("oncemq.attempt")))
                .containsExactlyInAnyOrder("sync1", "sync2", "async1");
        Set<String> deriving = attempts.stream()
                .filter(span -> span.error() == null)
                .map(MutableSpan::id)
                .collect(Collectors.toSet());
        List<MutableSpan> derived = named(trace, "send " + bills);
        assertThat(derived.stream().map(MutableSpan::parentId)).containsExactlyInAnyOrderElementsOf(deriving);
        assertThat(named(trace, "process " + bills).stream().map(MutableSpan::parentId))
                .containsExactlyInAnyOrderElementsOf(
                        derived.stream().map(MutableSpan::id).toList());
        assertThat(tenants).isEqualTo(Map.of("sync", "acme", "bill of sync", "acme", "bill of async", "acme"));
    }

    private static List<MutableSpan> named(List<MutableSpan> spans, String name) {
        return spans.stream().filter(span -> name.equals(span.name())).toList();
    }

    private static MutableSpan only(List<MutableSpan> spans, String name) {
        List<MutableSpan> named = named(spans, name);
        assertThat(named).as(name).hasSize(1);
        return named.get(0);
    }

    private void assertMetrics(String system) {
        assertThat(count("oncemq.deliveries", "sync", "oncemq.outcome", "processed"))
                .isEqualTo(1);
        assertThat(count("oncemq.deliveries", "sync", "oncemq.outcome", "retried"))
                .isEqualTo(2);
        assertThat(count("oncemq.deliveries", "sync", "oncemq.outcome", "id_reused"))
                .isEqualTo(1);
        assertThat(count("oncemq.dead.letters", "sync", "oncemq.reason", "attempts-exhausted"))
                .isEqualTo(1);
        assertThat(count("messaging.client.consumed.messages", "sync")).isEqualTo(4);
        assertThat(count("messaging.process.duration", "sync", "error.type", "java.lang.IllegalStateException"))
                .isEqualTo(3);
        assertThat(meters.get("oncemq.published")
                        .tags("messaging.destination.name", orders, "oncemq.outcome", "confirmed")
                        .counter()
                        .count())
                .isEqualTo(3);
        assertThat(count("oncemq.store.available", "sync")).isEqualTo(1);
        assertThat(meters.getMeters())
                .extracting(meter -> meter.getId().getTag("messaging.system"))
                .containsOnly(system);
        assertThat(meters.getMeters())
                .as("no id and no key is a tag")
                .allSatisfy(
                        meter -> assertThat(meter.getId().getTags().toString()).doesNotContain("o-1", "o-2"));
    }

    private double count(String meter, String group, String... tags) {
        Meter found = meters.get(meter)
                .tags(tags)
                .tag("messaging.consumer.group.name", group)
                .meter();
        return found.measure().iterator().next().getValue();
    }

    /**
     * Another program's trace continues, and so do its baggage and its vendors' state, as far as the tracer passes them on: Brave's bridge
     * keeps no state.
     */
    @Test
    void aForeignTraceGoesOnThroughKafka() {
        goesOn(KafkaFixture.consumerProtocol());
    }

    @Test
    @NeedsRabbit
    void aForeignTraceGoesOnThroughRabbit() {
        goesOn(new RabbitFixture());
    }

    @Test
    void aForeignTraceGoesOnThroughRocket() {
        goesOn(new RocketFixture());
    }

    private void goesOn(TransportFixture broker) {
        try (Spans spans = new Spans(false)) {
            try (MessagingClient client = client(broker, spans)) {
                subscribe(client, spans);
                publishForeign(broker);
                await().atMost(PATIENCE).until(() -> billed.size() == 2);
            }
            assertThat(spans.named("process " + orders))
                    .hasSize(3)
                    .allSatisfy(span ->
                            assertThat(span.traceId() + span.parentId()).isEqualTo(FOREIGN_TRACE + FOREIGN_SPAN));
            assertThat(billed.get("sync").text("traceparent")).startsWith("00-" + FOREIGN_TRACE);
            assertThat(states).isEqualTo(Set.of(STATE));
            assertThat(tenants).containsEntry("bill of async", "acme");
        }
    }

    private void publishForeign(TransportFixture broker) {
        Headers headers = Headers.builder()
                .add("traceparent", "00-" + FOREIGN_TRACE + "-" + FOREIGN_SPAN + "-01")
                .add("tracestate", STATE)
                .add("baggage", Spans.TENANT + "=acme")
                .build();
        broker.publishRaw(orders, new RawMessage("k", headers, "order".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void attemptsCanBeLinkedInsteadOfBeingChildren() {
        TransportFixture broker = KafkaFixture.consumerProtocol();
        try (Spans spans = new Spans(true)) {
            try (MessagingClient client = client(broker, spans)) {
                subscribe(client, spans);
                publishForeign(broker);
                await().atMost(PATIENCE).until(() -> billed.size() == 2);
            }
            List<MutableSpan> attempts = spans.named("process " + orders);
            assertThat(attempts).hasSize(3).allSatisfy(span -> {
                assertThat(span.parentId()).isNull();
                assertThat(span.tags()).containsValues(FOREIGN_TRACE, FOREIGN_SPAN);
            });
            assertThat(attempts.stream().map(MutableSpan::traceId).distinct())
                    .hasSize(3)
                    .doesNotContain(FOREIGN_TRACE);
        }
    }
}
