package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.kafka.GroupProtocol;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** K4, K5, K8 and K10: what is committed is settled, and all that is settled is committed. */
@ParameterizedClass
@EnumSource
class KafkaCommitsIT {
    private static final Duration OBSERVED = Duration.ofSeconds(5);

    private final BrokerTransport transport;
    private final RawKafka raw = SharedKafka.raw();
    private final String topic = SharedKafka.name("commits");
    private final Deliveries deliveries = new Deliveries();

    KafkaCommitsIT(GroupProtocol protocol) {
        transport = SharedKafka.open(SharedKafka.kafka(protocol));
    }

    @AfterEach
    void close() {
        transport.close();
        raw.close();
    }

    @Test
    void commitsBehindTheMarkersOfTransactions() {
        raw.create(topic, 1, Map.of());
        for (int i = 0; i < 3; i++) {
            transaction(i % 2 == 0);
        }
        try (MessageSource source = transport.openSource(Sources.spec(topic, "transactions"), deliveries)) {
            source.start();
            await().until(() -> deliveries.messages.size() == 20);
            deliveries.acknowledgeAll(source);
            await().until(() -> raw.committedOffset("transactions", topic, 0) == raw.end(topic, 0));
        }
        assertThat(raw.end(topic, 0)).isEqualTo(33);
    }

    @Test
    void commitsToTheEndOfATopicThatHoldsNothingReadable() {
        raw.create(topic, 1, Map.of());
        transaction(false);
        try (MessageSource source = transport.openSource(Sources.spec(topic, "aborted"), deliveries)) {
            source.start();
            await().until(() -> raw.committedOffset("aborted", topic, 0) == 11);
        }
        assertThat(deliveries.messages).isEmpty();
    }

    @Test
    void commitsBeyondWhatCompactionRemovedAndDeliversTombstones() {
        raw.create(
                topic,
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.001",
                        "max.compaction.lag.ms", "100"));
        raw.produce(topic, 0, 0, 500);
        tombstone("k3");
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    raw.produce(topic, 0, 9, 10);
                    return raw.bodies(topic, 0).size() < 400;
                });
        try (MessageSource source = transport.openSource(Sources.spec(topic, "compacted"), deliveries)) {
            source.start();
            long end = raw.end(topic, 0);
            await().until(() -> deliveries.last.values().stream().anyMatch(last -> last == end - 1));
            deliveries.acknowledgeAll(source);
            await().until(() -> raw.committedOffset("compacted", topic, 0) == end);
        }
        assertThat(deliveries.messages.size()).isLessThan((int) raw.end(topic, 0));
        assertThat(deliveries.messages).anyMatch(each -> each.message().body() == null);
    }

    @Test
    void oneStuckMessageHoldsTheCommitBelowAHundredThousandLaterOnes() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 100_100);
        try (MessageSource source = transport.openSource(Sources.spec(topic, "stuck"), deliveries)) {
            source.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> deliveries.messages.size() == 100_100);
            Shard shard = deliveries.owned.get(topic + "-0");
            deliveries.onRevoking = shards -> List.of(Deliveries.through(shard, 41));
            source.acknowledge(List.of(Deliveries.through(shard, 41)));
            await().until(() -> raw.committedOffset("stuck", topic, 0) == 42);
            await().during(Duration.ofSeconds(3)).until(() -> raw.committedOffset("stuck", topic, 0) == 42);
        }
        assertThat(raw.committedOffset("stuck", topic, 0)).isEqualTo(42);
    }

    /** A store suppresses what is delivered again, so more messages may come again after a crash: one request a second is enough. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesThatSettleOneByOneAreCommittedOnceASecondWithAStoreAndMoreOftenWithout(boolean remembered) {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 3_000);
        SourceSpec spec =
                Sources.spec(topic, "often").toBuilder().remembered(remembered).build();
        Set<Long> commits = new HashSet<>();
        try (MessageSource source = transport.openSource(spec, deliveries)) {
            source.start();
            await().until(() -> deliveries.messages.size() == 3_000);
            Shard shard = deliveries.owned.get(topic + "-0");
            AtomicInteger settled = new AtomicInteger();
            long began = System.nanoTime();
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        source.acknowledge(List.of(Deliveries.through(shard, settled.getAndIncrement())));
                        commits.add(raw.committedOffset("often", topic, 0));
                        return System.nanoTime() - began > OBSERVED.toNanos();
                    });
            long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
            if (remembered) {
                assertThat(commits).hasSizeBetween(2, (int) seconds + 3);
            } else {
                assertThat(commits).hasSizeGreaterThan((int) seconds + 3);
            }
        }
    }

    @Test
    void commitsNothingThatIsNotSettled() {
        raw.create(topic, 1, Map.of());
        raw.produce(topic, 0, 0, 10);
        deliveries.onRevoking = Deliveries::nothing;
        try (MessageSource source = transport.openSource(Sources.spec(topic, "nothing"), deliveries)) {
            source.start();
            await().until(() -> deliveries.messages.size() == 10);
            source.acknowledge(List.of(Deliveries.through(deliveries.owned.get(topic + "-0"), -1)));
        }
        assertThat(raw.committedOffset("nothing", topic, 0)).isLessThanOrEqualTo(0);
    }

    @Test
    void neitherDecodesNorStumblesOverAnyBytes() {
        raw.create(topic, 1, Map.of());
        byte[] poison = {(byte) 0xff, 0, (byte) 0xfe, (byte) 0x80};
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of())) {
            ProducerRecord<byte[], byte[]> bad = new ProducerRecord<>(topic, 0, poison, poison);
            bad.headers().add("ce_id", poison).add("none", null);
            producer.send(bad);
            producer.send(new ProducerRecord<>(topic, 0, null, null));
            producer.send(new ProducerRecord<>(topic, 0, "k".getBytes(UTF_8), "good".getBytes(UTF_8)));
        }
        try (MessageSource source = transport.openSource(Sources.spec(topic, "poison"), deliveries)) {
            source.start();
            await().until(() -> deliveries.messages.size() == 3);
        }
        assertThat(deliveries.messages.get(0).message().body()).isEqualTo(poison);
        assertThat(deliveries.messages.get(0).message().headers().bytes("none")).isEmpty();
        assertThat(deliveries.messages.get(2).text()).isEqualTo("good");
        assertThat(raw.committedOffset("poison", topic, 0)).isEqualTo(3);
    }

    @Test
    void aPausedShardDeliversNothingUntilItIsResumed() {
        raw.create(topic, 2, Map.of());
        try (MessageSource source = transport.openSource(Sources.spec(topic, "paused"), deliveries)) {
            source.start();
            await().until(() -> deliveries.owned.size() == 2 && raw.committedOffset("paused", topic, 1) == 0);
            Shard held = deliveries.owned.get(topic + "-0");
            source.pause(held);
            source.pause(held);
            // The poll that was under way may bring the first of these; the next one begins with the pause.
            raw.produce(topic, 1, 10, 15);
            await().until(() -> deliveries.messages.size() == 5);
            raw.produce(topic, 1, 15, 20);
            await().until(() -> deliveries.messages.size() == 10);
            raw.produce(topic, 0, 0, 10);
            raw.produce(topic, 1, 20, 30);
            await().until(() -> deliveries.messages.size() == 20);
            await().during(Duration.ofSeconds(2)).until(() -> deliveries.messages.size() == 20);
            assertThat(deliveries.texts()).doesNotContain("0", "9");
            source.resume(held);
            await().until(() -> deliveries.messages.size() == 30);
        }
    }

    private void transaction(boolean commit) {
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of("transactional.id", topic))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 10; i++) {
                producer.send(
                        new ProducerRecord<>(topic, 0, null, String.valueOf(i).getBytes(UTF_8)));
            }
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.flush();
                producer.abortTransaction();
            }
        }
    }

    private void tombstone(String key) {
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), null));
        }
    }
}
