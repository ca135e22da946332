package io.oncemq.it.jms;

import static io.oncemq.it.jms.ArtemisRig.artemis;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.MessageFilter;
import io.oncemq.MessagingClient;
import io.oncemq.Ordering;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.kit.transport.RawMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A group's filter is a part of what was ensured. Without a store, so that every repetition shows. */
class JmsFilterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHARDS = 3;
    private static final MessageFilter DEAR =
            MessageFilter.sql("region_HYPHEN_code = 'EU' AND amount > 100 OR urgent IS NOT NULL");

    private final String destination = "filter-" + UUID.randomUUID();
    private final Queue<String> ordered = new ConcurrentLinkedQueue<>();
    private final Queue<String> loose = new ConcurrentLinkedQueue<>();
    private MessagingClient client;

    /** @param raw publishes to a destination without OnceMQ */
    private record Broker(TransportFactory transport, BiConsumer<String, RawMessage> raw) {}

    static Stream<Named<Broker>> brokers() {
        return Stream.of(
                Named.of("Artemis", new Broker(artemis(), ArtemisRig.raw()::publish)),
                Named.of("Classic", new Broker(ActiveMqRig.activeMq(), ActiveMqRig.raw()::publish)));
    }

    @AfterEach
    void close() {
        client.close();
    }

    /** The condition has an OR at its top, which must not give a shard what is another one's. */
    @ParameterizedTest
    @MethodSource("brokers")
    void aGroupGetsEachMessageThatFulfilsItsConditionOnceWithTextsAsNumbers(Broker broker) {
        ensure(broker.transport());
        publish("cheap", Map.of("region-code", "EU", "amount", "99"));
        publish("dear", Map.of("region-code", "EU", "amount", "1000"));
        publish("far", Map.of("region-code", "US", "amount", "1000"));
        publish("odd", Map.of("region-code", "EU", "amount", "many"));
        publish("none", Map.of());
        broker.raw().accept(destination, new RawMessage(null, Headers.empty(), "foreign".getBytes(UTF_8)));
        List<String> urgent =
                IntStream.range(0, 12).mapToObj(n -> "urgent-" + n).toList();
        urgent.forEach(body -> publish(body, Map.of("urgent", "1")));
        subscribe("ordered", DEAR)
                .handler(delivery -> ordered.add(delivery.body()))
                .start();
        subscribe("loose", DEAR)
                .ordering(Ordering.UNORDERED)
                .handler(delivery -> loose.add(delivery.body()))
                .start();
        for (Queue<String> handled : List.of(ordered, loose)) {
            await().atMost(PATIENCE).until(() -> handled.containsAll(urgent) && handled.contains("dear"));
        }
        urgent.forEach(body -> publish("again-" + body, Map.of("urgent", "1")));
        for (Queue<String> handled : List.of(ordered, loose)) {
            await().atMost(PATIENCE).until(() -> handled.size() >= 25);
            assertThat(handled)
                    .hasSize(25)
                    .doesNotHaveDuplicates()
                    .doesNotContain("cheap", "far", "odd", "none", "foreign");
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void anotherFilterThanTheGroupsIsRefusedByName(Broker broker) {
        ensure(broker.transport());
        MessageFilter other = MessageFilter.types("order.paid");
        DestinationSpec spec =
                DestinationSpec.builder(destination).partitions(SHARDS).build();
        assertRefused(() -> client.ensure(
                spec.toBuilder().group("ordered", Ordering.PER_KEY, other).build()));
        assertRefused(() -> client.ensure(spec.toBuilder().group("ordered").build()));
        assertRefused(() -> subscribe("ordered", other).handler(delivery -> {}).start());
        assertRefused(() -> client.subscription(destination, Codecs.string())
                .group("ordered")
                .handler(delivery -> {})
                .start());
        for (String condition : List.of("amount >", "amount > 1) OR (amount > 2")) {
            MessageFilter broken = MessageFilter.sql(condition);
            assertRefused(() -> client.ensure(
                    spec.toBuilder().group("broken", Ordering.PER_KEY, broken).build()));
            assertRefused(
                    () -> subscribe("ordered", broken).handler(delivery -> {}).start());
        }
        client.ensure(spec.toBuilder().group("ordered", Ordering.PER_KEY, DEAR).build());
    }

    private void ensure(TransportFactory broker) {
        client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(broker)
                .withoutIdempotency()
                .build();
        client.ensure(DestinationSpec.builder(destination)
                .partitions(SHARDS)
                .group("ordered", Ordering.PER_KEY, DEAR)
                .group("loose", Ordering.UNORDERED, DEAR)
                .build());
    }

    private SubscriptionBuilder<String> subscribe(String group, MessageFilter filter) {
        return client.subscription(destination, Codecs.string()).group(group).filter(filter);
    }

    private void publish(String body, Map<String, String> headers) {
        Publisher<String> publisher = client.publisher(destination, Codecs.string());
        OutboundMessage<String> message = OutboundMessage.of(body).key(body);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            message = message.header(header.getKey(), header.getValue());
        }
        publisher.publish(message).join();
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(call)
                .returns("filter", ConfigurationException::property)
                .satisfies(refusal -> assertThat(refusal.remedy()).isNotBlank());
    }
}
