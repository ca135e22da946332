package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.kafka.GroupProtocol;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** K3, D6: a new group that starts at an instant skips what is older, nothing else, and only once. */
class KafkaStartInstantIT {
    private static final Instant BASE = Instant.now().minus(Duration.ofHours(1));

    /** Message n is n seconds younger than the base. */
    private static final IntFunction<@Nullable Instant> TIMES = BASE::plusSeconds;

    private final BrokerTransport transport = open(GroupProtocol.CLASSIC);
    private final RawKafka raw = SharedKafka.raw();
    private final String topic = SharedKafka.name("instant");

    private static BrokerTransport open(GroupProtocol protocol) {
        return SharedKafka.open(SharedKafka.kafka(protocol).consumerProperty("metadata.max.age.ms", 300));
    }

    @AfterEach
    void close() {
        transport.close();
        raw.close();
    }

    @ParameterizedTest
    @EnumSource
    void startsAtTheInstantInEveryPartition(GroupProtocol protocol) {
        raw.create(topic, 4, Map.of());
        raw.produce(topic, 0, 0, 10, TIMES);
        raw.produce(topic, 1, 10, 14, n -> BASE.plusSeconds(n == 11 ? 9 : n == 12 ? 0 : n - 10));
        raw.produce(topic, 2, 20, 25, n -> BASE);
        assertThat(transport.hasPosition(topic, "instant")).isFalse();

        Deliveries deliveries = new Deliveries();
        try (BrokerTransport member = open(protocol);
                MessageSource source =
                        member.openSource(Sources.at(topic, "instant", BASE.plusSeconds(5)), deliveries)) {
            source.start();
            awaitPositions("instant", 5, 1, 5, 0);
            assertThat(transport.hasPosition(topic, "instant")).isTrue();
            assertThat(transport.hasPosition(topic, "another")).isFalse();
            raw.produce(topic, 2, 30, 32);
            raw.produce(topic, 3, 40, 42);
            await().until(() -> deliveries.messages.size() >= 12);
        }

        // 12 and 13 are older, but come after 11, which is not.
        assertThat(deliveries.texts())
                .containsExactlyInAnyOrder("5", "6", "7", "8", "9", "11", "12", "13", "30", "31", "40", "41");
        assertThat(deliveries.events).isEmpty();
    }

    @Test
    void anInstantInTheFutureStartsBehindTheNewestAndSkipsNothingThatComes() {
        raw.create(topic, 2, Map.of());
        raw.produce(topic, 0, 0, 10);
        SourceSpec tomorrow = Sources.at(topic, "future", Instant.now().plus(Duration.ofDays(1)));
        try (MessageSource source = transport.openSource(tomorrow, new Deliveries())) {
            source.start();
            awaitPositions("future", 10, 0);
        }
        raw.produce(topic, 0, 10, 12);
        raw.produce(topic, 1, 20, 22);
        raw.forget("future", topic, 1);

        assertThat(receive(tomorrow, 4).texts()).containsExactlyInAnyOrder("10", "11", "20", "21");
    }

    @Test
    void aGroupThatHasAPositionGoesOnThere() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10, TIMES);
        receive(Sources.spec(topic, "goes-on"), 10);
        raw.produce(topic, 0, 10, 15, TIMES);

        assertThat(receive(Sources.at(topic, "goes-on", BASE), 5).texts()).containsExactlyElementsOf(numbers(10, 15));
        raw.produce(topic, 0, 15, 18, TIMES);
        assertThat(receive(Sources.at(topic, "goes-on", BASE.plusSeconds(17)), 3)
                        .texts())
                .containsExactlyElementsOf(numbers(15, 18));
    }

    @Test
    void anAddedPartitionIsReadFromItsStartWhateverTheTimesInIt() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10, TIMES);
        Deliveries deliveries = new Deliveries();
        try (MessageSource source = transport.openSource(Sources.at(topic, "added", BASE.plusSeconds(8)), deliveries)) {
            source.start();
            awaitPositions("added", 8);
            raw.grow(topic, 2);
            raw.produce(topic, 1, 20, 25, n -> BASE);
            await().until(() -> deliveries.messages.size() >= 7);
        }
        assertThat(deliveries.texts()).containsExactlyInAnyOrder("8", "9", "20", "21", "22", "23", "24");
    }

    /** What the broker has been told at once, before anything is acknowledged. */
    private void awaitPositions(String group, long... positions) {
        await().untilAsserted(() -> assertThat(IntStream.range(0, positions.length)
                        .mapToLong(partition -> raw.committedOffset(group, topic, partition)))
                .containsExactly(IntStream.range(0, positions.length)
                        .mapToObj(partition -> positions[partition])
                        .toArray(Long[]::new)));
    }

    private Deliveries receive(SourceSpec spec, int count) {
        Deliveries deliveries = new Deliveries();
        try (MessageSource source = transport.openSource(spec, deliveries)) {
            source.start();
            await().until(() -> deliveries.messages.size() >= count);
        }
        assertThat(deliveries.failure).isNull();
        return deliveries;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }
}
