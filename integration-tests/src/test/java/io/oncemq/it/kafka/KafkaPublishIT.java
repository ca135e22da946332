package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Headers;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.it.SentOutcomes;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** P1, P2, K2 and K15: outcomes that are never a guess, in the order in which messages were handed over. */
class KafkaPublishIT {
    private final BrokerTransport transport = SharedKafka.open(SharedKafka.kafka());
    private final RawKafka raw = SharedKafka.raw();
    private final SentOutcomes outcomes = new SentOutcomes();
    private final PublishSession session = transport.openPublishSession(outcomes);
    private final String topic = SharedKafka.name("publish");

    @AfterEach
    void close() {
        session.close();
        transport.close();
        raw.close();
        assertThat(outcomes.twice).isEmpty();
    }

    /** K15: many times in one JVM, so that all but the first are hot. */
    @Test
    void publishesToTopicsThatWereCreatedThisMoment() {
        createAndPublish(10);
    }

    @Test
    @Tag("slow")
    void publishesToFortyTopicsThatWereCreatedThisMoment() {
        createAndPublish(40);
    }

    private void createAndPublish(int rounds) {
        for (int round = 0; round < rounds; round++) {
            String fresh = SharedKafka.name("fresh");
            SentOutcomes here = new SentOutcomes();
            try (PublishSession first = transport.openPublishSession(here)) {
                raw.create(fresh, 4, Map.of());
                int count = 3_000;
                for (int i = 0; i < count; i++) {
                    first.send(Frames.frame(fresh, i % 4 == 3 ? null : "key-" + i % 100, String.valueOf(i)), i);
                }
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> here.confirmed.size() == count || !here.failures.isEmpty());
                assertThat(here.failures).isEmpty();
                assertThat(here.confirmed).hasSize(count);
                assertThat(IntStream.range(0, 4)
                                .mapToLong(p -> raw.end(fresh, p))
                                .sum())
                        .isEqualTo(count);
            }
        }
    }

    @Test
    void ensuresATopicWithItsPartitionsAndSettings() {
        DestinationSpec spec = DestinationSpec.builder(topic)
                .partitions(3)
                .setting("cleanup.policy", "compact")
                .build();
        assertThat(transport.exists(topic)).isFalse();
        transport.ensure(spec);
        transport.ensure(spec);
        assertThat(transport.exists(topic)).isTrue();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(
                        () -> transport.ensure(spec.toBuilder().partitions(5).build()))
                .withMessageContaining("5")
                .withMessageContaining("3")
                .withMessageContaining(topic);
    }

    @Test
    void rejectsWhatHasNoTopic() {
        session.send(Frames.frame(topic, "k", "lost"), 1);
        session.send(Frames.frame(topic, null, "lost"), 2);
        await().until(() -> outcomes.rejected.size() == 2);
        assertThat(outcomes.rejected.values()).containsOnly(Reason.UNROUTABLE);
        raw.create(topic, 1, Map.of());
        await().until(() -> transport.exists(topic));
        session.send(Frames.frame(topic, "k", "found"), 3);
        await().until(() -> outcomes.confirmed.containsKey(3));
    }

    @Test
    void rejectsAnInvalidTopicName() {
        session.send(Frames.frame("no/such topic", "k", "lost"), 1);
        await().until(() -> outcomes.rejected.size() == 1);
        assertThat(outcomes.rejected).containsEntry(1, Reason.UNROUTABLE);
    }

    @Test
    void rejectsWhatTheClientFindsTooLargeAndGoesOn() {
        raw.create(topic, 1, Map.of());
        session.send(Frames.frame(topic, "k", new byte[2_000_000]), 1);
        session.send(Frames.frame(topic, "k", "small"), 2);
        session.send(Frames.frame(topic, "k", new byte[2_000_000]), 3);
        await().until(() -> outcomes.confirmed.containsKey(2) && outcomes.rejected.size() == 2);
        assertThat(outcomes.rejected).containsEntry(1, Reason.TOO_LARGE).containsEntry(3, Reason.TOO_LARGE);
        assertThat(outcomes.failures).isEmpty();
    }

    @Test
    void rejectsWhatTheBrokerFindsTooLargeAndGoesOn() {
        raw.create(topic, 1, Map.of("max.message.bytes", "1000"));
        for (int i = 0; i < 20; i++) {
            session.send(Frames.frame(topic, "k", i % 5 == 0 ? new byte[2_000] : new byte[100]), i);
        }
        await().until(() -> outcomes.confirmed.size() + outcomes.rejected.size() == 20);
        assertThat(outcomes.rejected.keySet()).containsExactlyInAnyOrder(0, 5, 10, 15);
        assertThat(outcomes.rejected.values()).containsOnly(Reason.TOO_LARGE);
        assertThat(outcomes.failures).isEmpty();
    }

    /** P2: one record of a batch is refused and takes its neighbours with it; nothing after them may be stored. */
    @Test
    void storesAPrefixWhenARecordInTheMiddleFails() {
        raw.create(topic, 1, Map.of("cleanup.policy", "compact"));
        session.send(Frames.frame(topic, "k", "first"), -1);
        await().until(() -> outcomes.confirmed.containsKey(-1));
        for (int i = 0; i < 5_000; i++) {
            session.send(Frames.frame(topic, i == 2_000 ? null : "k", String.valueOf(i)), i);
        }
        await().until(() -> outcomes.failures.size() == 1);
        session.close();
        assertThat(outcomes.rejected).containsOnly(Map.entry(2_000, Reason.REFUSED));
        List<Integer> stored =
                raw.bodies(topic, 0).stream().skip(1).map(Integer::valueOf).toList();
        assertThat(stored).hasSizeLessThanOrEqualTo(2_000);
        assertThat(stored)
                .containsExactlyElementsOf(
                        IntStream.range(0, stored.size()).boxed().toList());
        outcomes.confirmed
                .keySet()
                .forEach(context -> assertThat((Integer) context).isLessThan(stored.size()));
    }

    @Test
    void refusesEverythingAfterItHasFailed() {
        storesAPrefixWhenARecordInTheMiddleFails();
        session.send(Frames.frame(topic, "k", "late"), "late");
        assertThat(outcomes.notSent).containsKey("late");
        assertThat(outcomes.failures).hasSize(1);
    }

    @Test
    void placesAKeyAsItsHashSays() {
        raw.create(topic, 7, Map.of());
        for (int i = 0; i < 100; i++) {
            session.send(Frames.frame(topic, "key-" + i, "x"), i);
        }
        await().until(() -> outcomes.confirmed.size() == 100);
        for (int i = 0; i < 100; i++) {
            int place = KeyHash.place(KeyHash.of("key-" + i), 7);
            assertThat(outcomes.confirmed.get(i).partition()).isEqualTo(topic + "-" + place);
        }
    }

    @Test
    void carriesKeyHeadersBodyAndTombstone() {
        raw.create(topic, 1, Map.of());
        Headers headers = Headers.builder()
                .add("a", "1")
                .add("a", "2")
                .add("b", new byte[0])
                .build();
        session.send(new OutboundFrame(topic, "id", "schlüssel", 7, headers, "body".getBytes(UTF_8), 10), 1);
        session.send(new OutboundFrame(topic, "id", "schlüssel", 7, headers, null, 10), 2);
        Deliveries deliveries = new Deliveries();
        try (var source = transport.openSource(Sources.spec(topic, "carries"), deliveries)) {
            source.start();
            await().until(() -> deliveries.messages.size() == 2);
        }
        assertThat(deliveries.messages).allSatisfy(each -> {
            assertThat(each.message().key()).isEqualTo("schlüssel");
            assertThat(each.message().headers()).isEqualTo(headers);
            assertThat(each.message().tag()).isEqualTo(each.message().offset());
            assertThat(each.message().incarnation()).hasSize(22);
            assertThat(each.message().size()).isGreaterThan(10);
        });
        assertThat(deliveries.texts()).containsExactly("body", "(none)");
    }

    @Test
    void writesNothingAfterAnImmediateClose() {
        raw.create(topic, 1, Map.of());
        for (int i = 0; i < 20_000; i++) {
            session.send(Frames.frame(topic, "k", "x".repeat(200)), i);
        }
        session.close(Duration.ZERO);
        int known = outcomes.confirmed.size();
        long end = raw.end(topic, 0);
        assertThat(known).isLessThanOrEqualTo((int) end);
        await().during(Duration.ofSeconds(2)).until(() -> outcomes.confirmed.size() == known);
        assertThat(outcomes.failures).isEmpty();
    }

    @Test
    void aCloseWithPatienceConfirmsWhatIsBuffered() {
        raw.create(topic, 1, Map.of());
        session.send(Frames.frame(topic, "k", "first"), -1);
        await().until(() -> outcomes.confirmed.containsKey(-1));
        for (int i = 0; i < 1_000; i++) {
            session.send(Frames.frame(topic, "k", "x"), i);
        }
        session.close(Duration.ofMinutes(1));
        assertThat(outcomes.confirmed).hasSize(1_001);
    }
}
