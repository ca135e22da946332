package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.kafka.ConsumerGroups;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** K3: each subscription has a consumer group of its own, and takes its offsets along when it gets another one. */
@ParameterizedClass
@EnumSource
class KafkaConsumerGroupsIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private final RawKafka raw = SharedKafka.raw();
    private final BrokerTransport own;
    private final BrokerTransport shared;
    private final String topic = SharedKafka.name("groups");
    private final String group = SharedKafka.name("g");

    KafkaConsumerGroupsIT(GroupProtocol protocol) {
        Kafka kafka = SharedKafka.kafka(protocol);
        own = SharedKafka.open(kafka);
        shared = SharedKafka.open(kafka.consumerGroups(ConsumerGroups.PER_GROUP));
    }

    @AfterEach
    void close() {
        own.close();
        shared.close();
        raw.close();
    }

    @Test
    void destinationsOfOneGroupDoNotShareAConsumerGroup() {
        String second = topic + "." + group + ".dlq";
        raw.create(topic, 2, Map.of());
        raw.create(second, 2, Map.of());
        Deliveries one = new Deliveries();
        Deliveries two = new Deliveries();
        try (MessageSource first = own.openSource(Sources.spec(topic, group), one);
                MessageSource letters = own.openSource(Sources.spec(second, group), two)) {
            first.start();
            letters.start();
            await().atMost(PATIENT).until(() -> one.owned.size() == 2 && two.owned.size() == 2);
            assertThat(raw.members(group, topic)).isEqualTo(1);
            assertThat(raw.members(group, second)).isEqualTo(1);
        }
    }

    /** A group that starts at the latest would skip the messages that are not handled yet. */
    @Test
    void aGroupContinuesAtTheOffsetsOfItsEarlierConsumerGroupAndBack() {
        raw.create(topic, 2, Map.of());
        produce(0, 10);
        assertThat(receive(shared, Sources.spec(topic, group), 20)).hasSize(20);
        produce(10, 15);
        assertThat(receive(own, Sources.latest(topic, group), 10)).containsExactlyInAnyOrderElementsOf(twice(10, 15));
        assertThat(own.hasPosition(topic, group)).isTrue();
        produce(15, 20);
        String another = SharedKafka.name("back");
        assertThat(receive(own, Sources.spec(topic, another), 40)).hasSize(40);
        produce(20, 25);
        assertThat(receive(shared, Sources.latest(topic, another), 10))
                .containsExactlyInAnyOrderElementsOf(twice(20, 25));
    }

    /** The earlier offsets expire when no consumer uses them. */
    @Test
    void offsetsThatMovedAreCommittedWithoutAMessage() {
        raw.create(topic, 2, Map.of());
        produce(0, 10);
        receive(shared, Sources.spec(topic, group), 20);
        Deliveries idle = new Deliveries();
        try (MessageSource source = own.openSource(Sources.latest(topic, group), idle)) {
            source.start();
            await().atMost(PATIENT)
                    .until(() -> IntStream.range(0, 2).allMatch(p -> raw.committedOffset(group, topic, p) == 10));
        }
        assertThat(idle.messages).isEmpty();
    }

    @Test
    void theBacklogCountsFromTheOffsetsThatWillBeTaken() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        raw.commit(group, new TopicPartition(topic, 0), new OffsetAndMetadata(7));
        assertThat(own.backlog(topic, group))
                .singleElement()
                .satisfies(each -> assertThat(each.messages()).isEqualTo(3));
        assertThat(own.hasPosition(topic, group)).isTrue();
    }

    /** A rolling change: both would handle the same messages, and messages of one key at the same time. */
    @Test
    void membersOfTheEarlierConsumerGroupAreWaitedFor() {
        raw.create(topic, 2, Map.of());
        produce(0, 10);
        Deliveries before = new Deliveries();
        Deliveries after = new Deliveries();
        try (MessageSource earlier = shared.openSource(Sources.spec(topic, group), before)) {
            earlier.start();
            await().atMost(PATIENT).until(() -> before.messages.size() == 20);
            before.acknowledgeAll(earlier);
            await().atMost(PATIENT)
                    .until(() -> shared.backlog(topic, group).stream().allMatch(p -> p.messages() == 0));
            try (MessageSource later = own.openSource(Sources.latest(topic, group), after)) {
                later.start();
                await().atMost(PATIENT).until(() -> after.owned.size() == 2);
                produce(10, 15);
                await().atMost(PATIENT).until(() -> before.messages.size() == 30);
                await().during(Duration.ofSeconds(2)).until(after.messages::isEmpty);
                before.acknowledgeAll(earlier);
                earlier.close(Duration.ofSeconds(10));
                produce(15, 20);
                await().atMost(PATIENT).until(() -> after.messages.size() >= 10);
                assertThat(after.failure).isNull();
            }
        }
        assertThat(after.texts()).containsExactlyInAnyOrderElementsOf(twice(15, 20));
    }

    /** Messages between the two offsets were handled under the other name, and would be handled again. */
    @Test
    void aChangeBackWaitsUntilTheEarlierOffsetsAreDeleted() {
        raw.create(topic, 2, Map.of());
        produce(0, 10);
        receive(shared, Sources.spec(topic, group), 20);
        produce(10, 15);
        receive(own, Sources.spec(topic, group), 10);
        produce(15, 20);
        Deliveries back = new Deliveries();
        try (MessageSource source = shared.openSource(Sources.spec(topic, group), back)) {
            source.start();
            await().atMost(PATIENT)
                    .until(() -> back.events.stream()
                            .anyMatch(event -> event instanceof SourceInterrupted interrupted
                                    && interrupted.cause().getMessage().contains("at the later offset 15")));
            assertThat(back.messages).isEmpty();
            source.close(Duration.ofSeconds(10));
        }
        raw.deleteOffsets(group, Set.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1)));
        assertThat(receive(shared, Sources.spec(topic, group), 10)).containsExactlyInAnyOrderElementsOf(twice(15, 20));
    }

    private void produce(int from, int to) {
        raw.produce(topic, 0, from, to);
        raw.produce(topic, 1, from, to);
    }

    private static List<String> twice(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(String::valueOf)
                .flatMap(each -> List.of(each, each).stream())
                .toList();
    }

    /** All that comes until as many are there, acknowledged and committed. */
    private static List<String> receive(BrokerTransport transport, SourceSpec spec, int expected) {
        Deliveries deliveries = new Deliveries();
        try (MessageSource source = transport.openSource(spec, deliveries)) {
            source.start();
            await().atMost(PATIENT).until(() -> deliveries.messages.size() >= expected);
            deliveries.acknowledgeAll(source);
            source.close(Duration.ofSeconds(10));
        }
        return deliveries.texts();
    }
}
