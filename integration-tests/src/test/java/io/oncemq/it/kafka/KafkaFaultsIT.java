package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oncemq.ConnectionException;
import io.oncemq.DestinationSpec;
import io.oncemq.it.SentOutcomes;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.spi.PublishSession;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.KafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker of its own, reached through a proxy, that is killed, restarted and cut off. */
class KafkaFaultsIT {
    private static KafkaServer server;
    private static TcpProxy proxy;

    private RawKafka raw;
    private BrokerTransport transport;
    private String topic;

    @BeforeAll
    static void start() {
        // Longer, also after a restart, than a busy machine keeps a sound broker from its heartbeats.
        server =
                KafkaServer.builder().config("broker.session.timeout.ms", 5_000).build();
        proxy = TcpProxy.to(server.port());
        server.advertise("127.0.0.1", proxy.port());
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
        proxy.close();
    }

    @BeforeEach
    void open() {
        proxy.restore();
        raw = new RawKafka(server.bootstrap());
        transport = SharedKafka.open(Kafka.at(server.bootstrap()));
        topic = SharedKafka.name("faults");
        transport.ensure(DestinationSpec.builder(topic).partitions(2).build());
    }

    @AfterEach
    void close() {
        proxy.restore();
        transport.close();
        raw.close();
    }

    @ParameterizedTest
    @EnumSource
    void goesOnConsumingAndCommittingAfterTheBrokerWasKilled(GroupProtocol protocol) {
        raw.produce(topic, 0, 0, 100);
        Deliveries deliveries = new Deliveries();
        try (BrokerTransport spoken = speaking(protocol);
                MessageSource source = spoken.openSource(Sources.spec(topic, "killed"), deliveries)) {
            source.start();
            await().until(() -> deliveries.messages.size() == 100);
            server.kill();
            deliveries.acknowledgeAll(source);
            server.start();
            raw.produce(topic, 0, 100, 200);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> deliveries.texts().contains("199"));
            deliveries.acknowledgeAll(source);
            await().atMost(Duration.ofSeconds(60)).until(() -> raw.committedOffset("killed", topic, 0) == 200);
        }
        assertThat(deliveries.failure).isNull();
        assertThat(deliveries.texts()).containsAll(numbers(0, 200));
    }

    @Test
    void confirmsInOrderWhatWasOpenWhenTheBrokerWasKilled() {
        SentOutcomes outcomes = new SentOutcomes();
        try (PublishSession session = transport.openPublishSession(outcomes)) {
            session.send(Frames.frame(topic, "k", "0"), 0);
            await().until(() -> outcomes.confirmed.size() == 1);
            for (int i = 1; i < 10_000; i++) {
                session.send(Frames.frame(topic, "k", String.valueOf(i)), i);
                if (i == 5_000) {
                    server.kill();
                }
            }
            server.start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> outcomes.confirmed.size() == 10_000 || !outcomes.failures.isEmpty());
        }
        List<String> stored = IntStream.range(0, 2)
                .mapToObj(p -> raw.bodies(topic, p))
                .filter(bodies -> !bodies.isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(stored).containsExactlyElementsOf(numbers(0, stored.size()));
        assertThat(stored.size()).isGreaterThanOrEqualTo(outcomes.confirmed.size());
    }

    /** K2: giving up closes the session; then no message that it still held may be stored later. */
    @Test
    void givesUpInABlackHoleAndStoresNothingLater() {
        SentOutcomes outcomes = new SentOutcomes();
        PublishSession session = transport.openPublishSession(outcomes);
        session.send(Frames.frame(topic, "k", "0"), 0);
        await().until(() -> outcomes.confirmed.size() == 1);
        proxy.swallowReplies();
        for (int i = 1; i < 5_000; i++) {
            session.send(Frames.frame(topic, "k", String.valueOf(i)), i);
        }
        // Long enough for the broker to be done with what it has got.
        await().during(Duration.ofSeconds(3)).until(() -> outcomes.confirmed.size() == 1);
        session.close(Duration.ZERO);
        proxy.restore();
        long end = raw.end(topic, 0) + raw.end(topic, 1);
        assertThat(end).isBetween(1L, 5_000L);
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> raw.end(topic, 0) + raw.end(topic, 1) == end);
        List<String> stored = raw.bodies(topic, raw.end(topic, 0) > 0 ? 0 : 1);
        assertThat(stored).containsExactlyElementsOf(numbers(0, stored.size()));
        assertThat(outcomes.confirmed).hasSize(1);
        assertThat(outcomes.failures).isEmpty();
    }

    @Test
    void tellsAtOpeningThatTheBrokerDoesNotAnswer() {
        proxy.drop();
        assertThatExceptionOfType(ConnectionException.class)
                .isThrownBy(() -> transport.openPublishSession(new SentOutcomes()));
        proxy.restore();
        transport.openPublishSession(new SentOutcomes()).close();
    }

    @ParameterizedTest
    @EnumSource
    void closesInTimeWhileTheBrokerIsAway(GroupProtocol protocol) {
        raw.produce(topic, 0, 0, 10);
        Deliveries deliveries = new Deliveries();
        try (BrokerTransport spoken = speaking(protocol)) {
            MessageSource source = spoken.openSource(Sources.spec(topic, "away"), deliveries);
            source.start();
            await().until(() -> deliveries.messages.size() == 10);
            proxy.drop();
            deliveries.acknowledgeAll(source);
            long before = System.nanoTime();
            source.close(Duration.ofSeconds(2));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
            proxy.restore();
        }
        assertThat(deliveries.revoked).hasSize(2);
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("oncemq-kafka-poll-" + topic)));
    }

    private static BrokerTransport speaking(GroupProtocol protocol) {
        return SharedKafka.open(Kafka.at(server.bootstrap()).groupProtocol(protocol));
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }
}
