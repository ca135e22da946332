package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingEvent.DestinationRecreated;
import io.oncemq.MessagingEvent.PositionsLost;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** K3: nothing is skipped or repeated because the client chose a position by itself. */
@ParameterizedClass
@EnumSource
class KafkaStartPositionsIT {
    private final Kafka kafka;
    private final BrokerTransport transport;
    private final RawKafka raw = SharedKafka.raw();
    private final String topic = SharedKafka.name("start");

    KafkaStartPositionsIT(GroupProtocol protocol) {
        kafka = SharedKafka.kafka(protocol);
        transport = SharedKafka.open(kafka.consumerProperty("metadata.max.age.ms", 300));
    }

    @AfterEach
    void close() {
        transport.close();
        raw.close();
    }

    @Test
    void aNewGroupReadsFromTheEarliest() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        Deliveries deliveries = receive(Sources.spec(topic, "new"), 10);
        assertThat(deliveries.texts()).containsExactlyElementsOf(numbers(0, 10));
        assertThat(raw.committedOffset("new", topic, 0)).isEqualTo(10);
    }

    @Test
    void expiredOffsetsStartAtTheEarliestAgain() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        receive(Sources.spec(topic, "expired"), 10);
        raw.forget("expired", topic);
        assertThat(receive(Sources.spec(topic, "expired"), 10).texts()).containsExactlyElementsOf(numbers(0, 10));
    }

    @Test
    void goesOnWhereTheGroupStopped() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        receive(Sources.spec(topic, "goes-on"), 10);
        raw.produce(topic, 0, 10, 15);
        assertThat(receive(Sources.spec(topic, "goes-on"), 5).texts()).containsExactlyElementsOf(numbers(10, 15));
    }

    @Test
    void latestSkipsWhatWasThereAtTheFirstStartOnly() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        receive(Sources.latest(topic, "latest"), 0);
        assertThat(raw.committedOffset("latest", topic, 0)).isEqualTo(10);
        raw.produce(topic, 0, 10, 15);
        assertThat(receive(Sources.latest(topic, "latest"), 5).texts()).containsExactlyElementsOf(numbers(10, 15));
    }

    @Test
    void twoMembersThatStartTogetherAtTheLatestSkipWhatWasThere() {
        raw.create(topic, 8, Map.of());
        for (int p = 0; p < 8; p++) {
            raw.produce(topic, p, 0, 10);
        }
        Deliveries one = new Deliveries();
        Deliveries two = new Deliveries();
        try (MessageSource first = transport.openSource(Sources.latest(topic, "together"), one);
                MessageSource second = transport.openSource(Sources.latest(topic, "together"), two)) {
            first.start();
            second.start();
            await().until(() -> one.owned.size() == 4 && two.owned.size() == 4);
            await().until(() -> IntStream.range(0, 8).allMatch(p -> raw.committedOffset("together", topic, p) == 10));
            for (int p = 0; p < 8; p++) {
                raw.produce(topic, p, 10, 12);
            }
            await().until(() -> one.messages.size() + two.messages.size() >= 16);
        }
        assertThat(one.texts()).containsOnly("10", "11");
        assertThat(two.texts()).containsOnly("10", "11");
    }

    @Test
    void anAddedPartitionIsReadFromItsStartThoughTheGroupBeganAtTheLatest() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        Deliveries deliveries = new Deliveries();
        try (MessageSource source = transport.openSource(Sources.latest(topic, "added"), deliveries)) {
            source.start();
            await().until(() -> raw.committedOffset("added", topic, 0) == 10);
            raw.grow(topic, 2);
            raw.produce(topic, 1, 100, 120);
            await().until(() -> deliveries.messages.size() == 20);
        }
        assertThat(deliveries.texts()).containsExactlyElementsOf(numbers(100, 120));
    }

    @Test
    void stopsWithAnEventWhenRetentionHasOvertakenTheGroup() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        receive(Sources.spec(topic, "overtaken"), 10);
        raw.produce(topic, 0, 10, 30);
        raw.deleteBefore(topic, 0, 20);
        Deliveries deliveries = new Deliveries();
        try (MessageSource source = transport.openSource(Sources.spec(topic, "overtaken"), deliveries)) {
            source.start();
            await().until(() -> deliveries.failure != null);
        }
        assertThat(deliveries.events).hasAtLeastOneElementOfType(PositionsLost.class);
        assertThat(deliveries.failure)
                .hasMessageContaining(topic + "-0")
                .hasMessageContaining("LostPositions.EARLIEST");
        assertThat(deliveries.messages).isEmpty();
        assertThat(raw.committedOffset("overtaken", topic, 0)).isEqualTo(10);
    }

    @Test
    void goesOnAtTheOldestThatIsLeftWhereThatIsAllowed() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        receive(Sources.spec(topic, "allowed"), 10);
        raw.produce(topic, 0, 10, 30);
        raw.deleteBefore(topic, 0, 20);
        Deliveries deliveries = receive(Sources.goingOn(topic, "allowed"), 10);
        assertThat(deliveries.texts()).containsExactlyElementsOf(numbers(20, 30));
        assertThat(deliveries.events).hasSize(1).hasOnlyElementsOfType(PositionsLost.class);
    }

    @Test
    void stopsWhenTheLogIsShorterThanTheGroupRemembers() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        raw.commit("truncated", topic, 0, new OffsetAndMetadata(1000, Optional.of(0), ""));
        Deliveries deliveries = new Deliveries();
        try (MessageSource source = transport.openSource(Sources.spec(topic, "truncated"), deliveries)) {
            source.start();
            await().until(() -> deliveries.failure != null);
        }
        assertThat(deliveries.events).hasAtLeastOneElementOfType(PositionsLost.class);
        assertThat(deliveries.messages).isEmpty();
    }

    @Test
    void readsARecreatedTopicFromItsStartThoughItHasGrownPastTheOldOffset() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        receive(Sources.spec(topic, "recreated"), 10);
        OffsetAndMetadata old = raw.committed("recreated", topic, 0);
        assertThat(old).isNotNull();
        raw.delete(topic);
        recreate();
        raw.produce(topic, 0, 100, 130);
        raw.commit("recreated", topic, 0, old);
        Deliveries deliveries = receive(Sources.spec(topic, "recreated"), 30);
        assertThat(deliveries.texts()).containsExactlyElementsOf(numbers(100, 130));
        assertThat(deliveries.events).hasSize(1).hasOnlyElementsOfType(DestinationRecreated.class);
    }

    @Test
    void noticesThatTheTopicWasRecreatedWhileItRuns() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        Deliveries deliveries = new Deliveries();
        try (MessageSource source = transport.openSource(Sources.spec(topic, "running"), deliveries)) {
            source.start();
            await().until(() -> deliveries.messages.size() == 10);
            deliveries.acknowledgeAll(source);
            assertReadsRecreated(source, deliveries, "running");
        }
    }

    @Test
    void tellsOfALossInATopicThatWasRecreatedBefore() {
        raw.create(topic, 2, Map.of());
        raw.produce(topic, 0, 0, 10);
        Holding deliveries = new Holding(topic + "-0");
        try (MessageSource source = transport.openSource(Sources.spec(topic, "again"), deliveries)) {
            source.start();
            await().until(() -> deliveries.messages.size() == 10);
            raw.delete(topic);
            recreate(2);
            raw.produce(topic, 0, 100, 110);
            await().until(() -> deliveries.texts().containsAll(numbers(100, 110)));
            await().until(() -> {
                deliveries.acknowledgeAll(source);
                return raw.committedOffset("again", topic, 0) == 10;
            });
            deliveries.hold(source);
            // The poll that was under way may bring the first of these; the next one begins with the pause.
            raw.produce(topic, 1, 200, 205);
            await().until(() -> deliveries.texts().containsAll(numbers(200, 205)));
            raw.produce(topic, 1, 205, 210);
            await().until(() -> deliveries.texts().containsAll(numbers(205, 210)));
            raw.produce(topic, 0, 110, 130);
            raw.deleteBefore(topic, 0, 20);
            await().until(() -> {
                deliveries.letGo(source);
                return deliveries.failure != null;
            });
        }
        assertThat(deliveries.events).hasAtLeastOneElementOfType(PositionsLost.class);
        assertThat(deliveries.texts()).doesNotContainAnyElementsOf(numbers(110, 130));
    }

    /** A paused client does not see that the topic is gone, and would continue at offset 10 of the new one. */
    @Test
    void noticesARecreatedTopicThatTheClientTakesForTheOldOne() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        Deliveries deliveries = new Deliveries();
        try (BrokerTransport seldom = SharedKafka.open(kafka);
                MessageSource source = seldom.openSource(Sources.spec(topic, "silent"), deliveries)) {
            source.start();
            await().until(() -> deliveries.messages.size() == 10);
            Shard shard = deliveries.owned.get(topic + "-0");
            deliveries.acknowledgeAll(source);
            await().until(() -> raw.committedOffset("silent", topic, 0) == 10);
            source.pause(shard);
            await().pollDelay(Duration.ofMillis(800)).until(() -> true);
            assertReadsRecreated(source, deliveries, "silent");
            // The consumer protocol knows topics by their ids: there the broker may revoke the shard of the old one
            // first.
            assertThat(Stream.concat(deliveries.lost.stream(), deliveries.revoked.stream()))
                    .contains(shard);
        }
    }

    private void assertReadsRecreated(MessageSource source, Deliveries deliveries, String group) {
        raw.delete(topic);
        recreate();
        raw.produce(topic, 0, 100, 130);
        await().atMost(Duration.ofSeconds(60)).until(() -> deliveries.texts().containsAll(numbers(100, 130)));
        await().until(() -> {
            deliveries.acknowledgeAll(source);
            return raw.committedOffset(group, topic, 0) == 30;
        });
        assertThat(deliveries.events).hasSize(1).hasOnlyElementsOfType(DestinationRecreated.class);
    }

    private void recreate() {
        recreate(1);
    }

    private void recreate(int partitions) {
        await().ignoreExceptions().until(() -> {
            raw.create(topic, partitions, Map.of());
            return true;
        });
        // The controller answers before the broker has replaced the log, which may take along what is written at once.
        await().ignoreExceptions().until(() -> raw.end(topic, 0) == 0);
    }

    /** Runs a source until it has delivered this many messages, and for a moment if that is none. */
    private Deliveries receive(SourceSpec spec, int count) {
        Deliveries deliveries = new Deliveries();
        try (MessageSource source = transport.openSource(spec, deliveries)) {
            source.start();
            await().until(() ->
                    deliveries.messages.size() >= count && raw.committedOffset(spec.group(), topic, 0) >= 0);
        }
        assertThat(deliveries.failure).isNull();
        return deliveries;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    /** Keeps one shard paused, also when it is reassigned: with the consumer protocol the shards of a recreated topic come at any time. */
    private static final class Holding extends Deliveries {
        private final String name;
        private volatile @Nullable MessageSource holder;

        Holding(String name) {
            this.name = name;
        }

        void hold(MessageSource source) {
            holder = source;
            Shard shard = owned.get(name);
            if (shard != null) {
                source.pause(shard);
            }
        }

        void letGo(MessageSource source) {
            holder = null;
            Shard shard = owned.get(name);
            if (shard != null) {
                source.resume(shard);
            }
        }

        @Override
        public void onAssigned(Collection<Shard> shards) {
            super.onAssigned(shards);
            MessageSource source = holder;
            if (source != null) {
                shards.stream().filter(shard -> shard.name().equals(name)).forEach(source::pause);
            }
        }
    }
}
