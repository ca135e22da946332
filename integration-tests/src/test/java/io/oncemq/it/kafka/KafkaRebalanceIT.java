package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** K6, K7, K8 and K11: partitions change hands without a loss, and a former owner can commit nothing. */
@ParameterizedClass
@EnumSource
class KafkaRebalanceIT {
    private static final int PARTITIONS = 6;
    private static final Duration DRAIN = Duration.ofMillis(1500);

    private final GroupProtocol protocol;
    private final BrokerTransport transport;
    private final RawKafka raw = SharedKafka.raw();
    private final String topic = SharedKafka.name("rebalance");
    private final String group = SharedKafka.name("g");
    private final SourceSpec spec = Sources.draining(topic, group, DRAIN);

    KafkaRebalanceIT(GroupProtocol protocol) {
        this.protocol = protocol;
        transport = SharedKafka.open(attentive(protocol));
    }

    /** Hears of a rebalance soon. The broker of the tests asks members of the consumer protocol for a heartbeat as often. */
    private static Kafka attentive(GroupProtocol protocol) {
        Kafka kafka = SharedKafka.kafka(protocol);
        return protocol == GroupProtocol.CONSUMER ? kafka : kafka.consumerProperty("heartbeat.interval.ms", 300);
    }

    /** For members that leave when they have not polled for so long. */
    private BrokerTransport leavingAfter(int millis) {
        return SharedKafka.open(attentive(protocol).consumerProperty("max.poll.interval.ms", millis));
    }

    @AfterEach
    void close() {
        transport.close();
        raw.close();
    }

    /** Gives back what a slow handler has done by the end of the drain, and acknowledges nothing before. */
    private static final class Slow extends Deliveries {
        final CountDownLatch draining = new CountDownLatch(1);

        @Override
        public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
            draining.countDown();
            await().pollDelay(Duration.ofMillis(700)).until(() -> true);
            return super.onRevoking(shards);
        }
    }

    @Test
    void drainsAndCommitsBeforeAPartitionGoes() {
        raw.create(topic, PARTITIONS, Map.of());
        IntStream.range(0, PARTITIONS).forEach(p -> raw.produce(topic, p, 0, 50));
        Slow one = new Slow();
        Deliveries two = new Deliveries();
        try (MessageSource first = transport.openSource(spec, one)) {
            first.start();
            await().until(() -> one.messages.size() == 50 * PARTITIONS);
            try (MessageSource second = transport.openSource(spec, two)) {
                second.start();
                await().atMost(Duration.ofSeconds(60)).until(() -> two.owned.size() == PARTITIONS / 2);
                assertThat(one.revoked).hasSize(PARTITIONS / 2);
                IntStream.range(0, PARTITIONS).forEach(p -> raw.produce(topic, p, 50, 60));
                await().until(() -> two.messages.size() == 10 * PARTITIONS / 2);
                assertThat(two.texts()).doesNotContain("0", "49").contains("50", "59");
            }
        }
        assertThat(one.lost).isEmpty();
        assertThat(two.lost).isEmpty();
    }

    /** How a group changes its protocol while it works: members that speak the other one come, and the old ones go. */
    @Test
    void membersOfTheOtherProtocolTakeOverOneByOne() {
        GroupProtocol other = protocol == GroupProtocol.CLASSIC ? GroupProtocol.CONSUMER : GroupProtocol.CLASSIC;
        raw.create(topic, PARTITIONS, Map.of());
        IntStream.range(0, PARTITIONS).forEach(p -> raw.produce(topic, p, 0, 50));
        Deliveries one = new Deliveries();
        Deliveries two = new Deliveries();
        try (BrokerTransport changed = SharedKafka.open(attentive(other));
                MessageSource second = changed.openSource(spec, two)) {
            try (MessageSource first = transport.openSource(spec, one)) {
                first.start();
                await().until(() -> one.messages.size() == 50 * PARTITIONS);
                second.start();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> two.owned.size() == PARTITIONS / 2 && one.owned.size() == PARTITIONS / 2);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> two.owned.size() == PARTITIONS);
            IntStream.range(0, PARTITIONS).forEach(p -> raw.produce(topic, p, 50, 60));
            await().until(() -> two.messages.size() == 10 * PARTITIONS);
            assertThat(two.texts()).doesNotContain("0", "49").contains("50", "59");
        }
        assertThat(one.lost).isEmpty();
        assertThat(two.lost).isEmpty();
    }

    @Test
    void dropsTheAcknowledgementOfAnEarlierEpoch() {
        raw.create(topic, 2, Map.of());
        IntStream.range(0, 2).forEach(p -> raw.produce(topic, p, 0, 50));
        Deliveries one = new Deliveries();
        one.onRevoking = Deliveries::nothing;
        Deliveries two = new Deliveries();
        two.onRevoking = Deliveries::nothing;
        try (MessageSource first = transport.openSource(spec, one)) {
            first.start();
            await().until(() -> one.messages.size() == 100);
            Map<String, Shard> before = Map.copyOf(one.owned);
            MessageSource second = transport.openSource(spec, two);
            second.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> two.messages.size() == 50);
            Shard gone = one.revoked.get(0);
            first.acknowledge(List.of(Deliveries.through(gone, 49)));
            await().during(Duration.ofSeconds(3)).until(() -> raw.committedOffset(group, topic, partition(gone)) <= 0);
            second.close();
            await().atMost(Duration.ofSeconds(60)).until(() -> one.owned.size() == 2);
            Shard again = one.owned.get(gone.name());
            assertThat(again.epoch()).isGreaterThan(before.get(gone.name()).epoch());
            await().until(() -> one.messages.size() == 150);
            first.acknowledge(List.of(Deliveries.through(gone, 49)));
            await().during(Duration.ofSeconds(3)).until(() -> raw.committedOffset(group, topic, partition(gone)) <= 0);
            first.acknowledge(List.of(Deliveries.through(again, 49)));
            await().until(() -> raw.committedOffset(group, topic, partition(gone)) == 50);
        }
    }

    /** K11: the handlers' threads are not the poll thread, so slow ones cost no membership. */
    @Test
    void keepsItsMembershipWhileAHandlerRunsForTwiceThePollInterval() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        Deliveries one = new Deliveries();
        try (BrokerTransport impatient = leavingAfter(6_000);
                MessageSource source = impatient.openSource(spec, one)) {
            source.start();
            await().until(() -> one.messages.size() == 10);
            Shard shard = one.owned.get(topic + "-0");
            source.pause(shard);
            await().during(Duration.ofSeconds(12))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> one.revoked.isEmpty() && one.lost.isEmpty());
            source.acknowledge(List.of(Deliveries.through(shard, 9)));
            await().until(() -> raw.committedOffset(group, topic, 0) == 10);
        }
    }

    /**
     * K6: a member that the group gave up receives a loss, commits nothing, and rejoins under a new epoch. Its group is empty by then, and a
     * broker takes any commit for an empty group. The messages come when the commit of the start has ended: no commit under way holds
     * back the one that would be wrong.
     */
    @Test
    void commitsNothingOfALostPartition() {
        raw.create(topic, 1, Map.of());
        CountDownLatch stuck = new CountDownLatch(1);
        Deliveries one = new Deliveries() {
            @Override
            public void onMessages(Shard shard, List<InboundMessage> batch) {
                super.onMessages(shard, batch);
                try {
                    // Stands for a process that was stopped for so long that the group gave it up.
                    stuck.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        one.onRevoking = Deliveries::nothing;
        try (BrokerTransport impatient = leavingAfter(3_000);
                MessageSource source = impatient.openSource(spec, one)) {
            source.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> raw.committedOffset(group, topic, 0) == 0);
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            raw.produce(topic, 0, 0, 10);
            await().until(() -> one.messages.size() >= 10);
            Shard first = one.owned.get(topic + "-0");
            source.acknowledge(List.of(Deliveries.through(first, 9)));
            await().until(() -> raw.members(group, topic) == 0);
            stuck.countDown();
            await().atMost(Duration.ofSeconds(60)).until(() -> one.lost.contains(first));
            assertThat(raw.committedOffset(group, topic, 0)).isLessThanOrEqualTo(0);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(one.messages)
                            .as("committed: %s", raw.committedOffset(group, topic, 0))
                            .hasSizeGreaterThanOrEqualTo(20));
            assertThat(raw.committedOffset(group, topic, 0)).isLessThanOrEqualTo(0);
            assertThat(one.messages.get(19).shard().epoch()).isGreaterThan(first.epoch());
            assertThat(one.revoked).isEmpty();
        }
    }

    /** K6 and K8: members come and go; each handles slowly and commits only what it has handled. */
    @Test
    void losesNothingInAStormOfRebalances() {
        raw.create(topic, PARTITIONS, Map.of());
        IntStream.range(0, PARTITIONS).forEach(p -> raw.produce(topic, p, 0, 300));
        List<Deliveries> all = new ArrayList<>();
        List<MessageSource> open = new ArrayList<>();
        List<Deliveries> working = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            Deliveries next = new Deliveries();
            all.add(next);
            MessageSource source = transport.openSource(spec, next);
            open.add(source);
            working.add(next);
            source.start();
            await().pollDelay(Duration.ofMillis(150)).until(() -> true);
            if (round % 2 == 1) {
                open.remove(0).close();
                working.remove(0);
            }
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> handled(all).size() == 300 * PARTITIONS);
        // While a rebalance is under way a partition may be handed on uncommitted: its new owner reads it again.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            IntStream.range(0, open.size()).forEach(i -> working.get(i).acknowledgeAll(open.get(i)));
            return IntStream.range(0, PARTITIONS).allMatch(p -> raw.committedOffset(group, topic, p) == 300);
        });
        open.forEach(MessageSource::close);
        IntStream.range(0, PARTITIONS)
                .forEach(p -> assertThat(raw.committedOffset(group, topic, p)).isEqualTo(300));
    }

    private static Set<String> handled(List<Deliveries> all) {
        Set<String> places = new HashSet<>();
        for (Deliveries each : all) {
            synchronized (each.messages) {
                each.messages.forEach(message -> places.add(
                        message.shard().name() + "@" + message.message().offset()));
            }
        }
        return places;
    }

    private static int partition(Shard shard) {
        return Integer.parseInt(shard.name().substring(shard.name().lastIndexOf('-') + 1));
    }
}
