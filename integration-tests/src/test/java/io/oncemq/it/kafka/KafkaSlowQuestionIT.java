package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingEvent.SourceResumed;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.KafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Questions that a node does not answer, and partitions of other nodes. Node 2 stands behind a proxy. */
class KafkaSlowQuestionIT {
    private static final int HELD = 2;
    private static final int OFFSETS = 4;
    private static final int QUESTIONS = 8;
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private static KafkaServer kafka;
    private static TcpProxy proxy;

    @BeforeAll
    static void start() {
        kafka = KafkaServer.builder()
                .nodes(3)
                .config("offsets.topic.num.partitions", OFFSETS)
                .build();
        proxy = TcpProxy.to(kafka.port(HELD));
        kafka.advertise(HELD, "127.0.0.1", proxy.port());
        kafka.start();
    }

    @AfterAll
    static void stop() {
        proxy.close();
        kafka.close();
    }

    /** The poll thread waited for each answer, and no partition was read meanwhile. */
    @ParameterizedTest
    @EnumSource
    void aStartPositionThatIsNotAnsweredLeavesThePollThreadToTheOtherPartitions(GroupProtocol protocol)
            throws Exception {
        String topic = SharedKafka.name("slow-position");
        Deliveries deliveries = new Deliveries();
        Kafka options = Kafka.at(kafka.bootstrap())
                .groupProtocol(protocol)
                .consumerProperty("metadata.max.age.ms", 300)
                .consumerProperty("request.timeout.ms", 3_000);
        try (BrokerTransport transport = SharedKafka.open(options);
                RawKafka raw = new RawKafka(kafka.bootstrap());
                Producer<byte[], byte[]> producer = raw.producer(Map.of())) {
            String group = groupCoordinatedElsewhere(transport, raw, topic);
            operate(admin -> admin.createTopics(List.of(new NewTopic(topic, Map.of(0, List.of(0), 1, List.of(1)))))
                    .all());
            try (MessageSource source = transport.openSource(Sources.spec(topic, group), deliveries)) {
                source.start();
                roundTrip(producer, topic, deliveries, 0);
                assertThat(raw.coordinator(group, topic)).isNotEqualTo(HELD);
                try (Waits waits = Waits.of("oncemq-kafka-poll-" + topic + "-" + group)) {
                    proxy.drop();
                    NewPartitions held = NewPartitions.increaseTo(HELD + 1, List.of(List.of(HELD)));
                    await().atMost(PATIENT).ignoreExceptions().until(() -> {
                        operate(admin ->
                                admin.createPartitions(Map.of(topic, held)).all());
                        return true;
                    });
                    await().atMost(PATIENT).until(() -> deliveries.owned.containsKey(topic + "-" + HELD));
                    for (int round = 1; round <= 50; round++) {
                        roundTrip(producer, topic, deliveries, round);
                    }
                    assertThat(waits.samples()).isPositive();
                    assertThat(waits.outsidePoll())
                            .as("stacks outside of the poll")
                            .isEmpty();
                    await().atMost(PATIENT).until(() -> interrupted(deliveries).contains(topic + "-" + HELD));
                } finally {
                    proxy.restore();
                }
                producer.send(new ProducerRecord<>(topic, HELD, null, "late".getBytes(UTF_8)));
                await().atMost(PATIENT).until(() -> deliveries.texts().contains("late"));
                assertThat(deliveries.failure).isNull();
                assertThat(interrupted(deliveries)).containsExactly(topic + "-" + HELD);
                assertThat(deliveries.events)
                        .filteredOn(SourceResumed.class::isInstance)
                        .extracting(each -> ((SourceResumed) each).partition())
                        .containsExactly(topic + "-" + HELD);
            }
        }
    }

    @Test
    void aBacklogWithoutAnAnswerHoldsUpNeitherHealthNorOtherQuestions() throws Exception {
        String topic = SharedKafka.name("slow-backlog");
        ExecutorService threads = Executors.newCachedThreadPool();
        try (BrokerTransport transport = SharedKafka.open(Kafka.at(kafka.bootstrap()))) {
            operate(admin -> admin.createTopics(List.of(new NewTopic(topic, Map.of(0, List.of(HELD)))))
                    .all());
            await().atMost(PATIENT).until(() -> transport.backlog(topic, "g").size() == 1);
            proxy.drop();
            try {
                List<CompletableFuture<?>> backlogs = Stream.<CompletableFuture<?>>generate(
                                () -> CompletableFuture.runAsync(() -> transport.backlog(topic, "g"), threads))
                        .limit(QUESTIONS)
                        .toList();
                long since = System.nanoTime();
                transport.ping();
                assertThat(transport.exists(topic)).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(3));
                assertThat(backlogs).noneMatch(CompletableFuture::isDone);
                assertThat(backlogs).allSatisfy(each -> await().atMost(PATIENT).until(each::isDone));
            } finally {
                proxy.restore();
            }
        } finally {
            threads.shutdown();
        }
    }

    private static List<String> interrupted(Deliveries deliveries) {
        return deliveries.events.stream()
                .filter(SourceInterrupted.class::isInstance)
                .map(each -> ((SourceInterrupted) each).partition())
                .toList();
    }

    /** Asks some node, which is another one each time. */
    private static void operate(Function<Admin, KafkaFuture<Void>> operation) throws Exception {
        Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + kafka.port(0),
                "request.timeout.ms",
                2_000,
                "default.api.timeout.ms",
                2_000));
        try {
            operation.apply(admin).get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof InvalidPartitionsException)) {
                throw e;
            }
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /** One message through each of the other partitions, which is handled before the next one is published. */
    private static void roundTrip(Producer<byte[], byte[]> producer, String topic, Deliveries deliveries, int round) {
        for (int p = 0; p < HELD; p++) {
            String text = p + "-" + round;
            producer.send(new ProducerRecord<>(topic, p, null, text.getBytes(UTF_8)));
            await().atMost(PATIENT)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> deliveries.texts().contains(text));
        }
    }

    /** The broker keeps a group in the partition of its offsets' topic that its name hashes to. */
    private static String groupCoordinatedElsewhere(BrokerTransport transport, RawKafka raw, String topic) {
        String first = topic + "-first";
        transport.ensure(DestinationSpec.builder(first).partitions(1).build());
        try (MessageSource source = transport.openSource(Sources.spec(first, "first"), new Deliveries())) {
            source.start();
            await().atMost(PATIENT).until(() -> raw.committedOffset("first", first, 0) == 0);
        }
        return IntStream.range(0, 100)
                .mapToObj(i -> "group-" + i)
                .filter(each -> raw.leader(
                                "__consumer_offsets",
                                Math.abs(RawKafka.name(each, topic).hashCode()) % OFFSETS)
                        != HELD)
                .findFirst()
                .orElseThrow();
    }
}
