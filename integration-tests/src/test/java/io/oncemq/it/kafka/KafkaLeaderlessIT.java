package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.KeyHash;
import io.oncemq.testkit.server.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** S10: a partition without a leader, since its only replica is on a node that was killed, and its neighbours. */
class KafkaLeaderlessIT {
    private static final int PARTITIONS = 6;
    private static final Duration DEADLINE = Duration.ofSeconds(12);
    private static final Duration PATIENT = Duration.ofSeconds(90);

    private static KafkaServer kafka;

    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private final String topic = SharedKafka.name("leaderless");

    @BeforeAll
    static void start() {
        kafka = KafkaServer.builder()
                .nodes(3)
                .config("broker.session.timeout.ms", 3_000)
                .build();
        kafka.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void theNeighboursOfADeadPartitionGoOnInTheSameSessionAndItsOwnMessagesEndByTheirDeadline() {
        try (RawKafka raw = new RawKafka(kafka.bootstrap());
                MessagingClient client = MessagingClient.builder()
                        .profile(Profile.DEV)
                        .transport(Kafka.at(kafka.bootstrap()))
                        .withoutIdempotency()
                        .eventListener(events::add)
                        .build()) {
            raw.create(topic, PARTITIONS, Map.of());
            Publisher<String> publisher = client.publisher(
                    topic,
                    Codecs.string(),
                    PublisherOptions.builder().deadline(DEADLINE).build());
            for (int p = 0; p < PARTITIONS; p++) {
                publisher.publish(message(p, "first-" + p)).join();
            }
            int dead = raw.leader(topic, 0);
            List<Integer> gone = IntStream.range(0, PARTITIONS)
                    .filter(p -> raw.leader(topic, p) == dead)
                    .boxed()
                    .toList();
            List<Integer> alive = IntStream.range(0, PARTITIONS)
                    .filter(p -> !gone.contains(p))
                    .boxed()
                    .toList();
            kafka.killNode(dead);

            List<CompletableFuture<Receipt>> lost = new ArrayList<>();
            long slowest = 0;
            for (int round = 0; round < 200; round++) {
                for (int p : gone) {
                    lost.add(publisher.publish(message(p, "lost-" + round)));
                }
                long begun = System.nanoTime();
                for (int p : alive) {
                    publisher.publish(message(p, "alive-" + round)).join();
                }
                slowest = Math.max(slowest, System.nanoTime() - begun);
                await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            }
            assertThat(Duration.ofNanos(slowest)).as("of the neighbours").isLessThan(DEADLINE.dividedBy(2));
            lost.forEach(each -> assertThat(outcome(each)).isIn("unknown", "not attempted", "frozen"));
            assertThat(events).noneMatch(PublishSessionReplaced.class::isInstance);

            kafka.restartNode(dead);
            await().atMost(PATIENT)
                    .until(() -> outcome(publisher.publish(fresh(gone.get(0)))).equals("confirmed"));
            assertThat(events).noneMatch(PublishSessionReplaced.class::isInstance);
        }
    }

    /** They filled the room in flight, and then nothing else could be published until their deadline. */
    @Test
    void aFloodToADeadPartitionLeavesRoomForItsNeighbours() throws Exception {
        int room = 600;
        Queue<CompletableFuture<Receipt>> flood = new ConcurrentLinkedQueue<>();
        try (RawKafka raw = new RawKafka(kafka.bootstrap());
                MessagingClient client = MessagingClient.builder()
                        .profile(Profile.DEV)
                        .transport(Kafka.at(kafka.bootstrap()))
                        .withoutIdempotency()
                        .build()) {
            raw.create(topic, PARTITIONS, Map.of());
            Publisher<String> publisher = client.publisher(
                    topic,
                    Codecs.string(),
                    PublisherOptions.builder()
                            .maxInFlight(room)
                            .deadline(Duration.ofMinutes(3))
                            .build());
            for (int p = 0; p < PARTITIONS; p++) {
                publisher.publish(message(p, "first-" + p)).join();
            }
            int dead = raw.leader(topic, 0);
            List<Integer> alive = IntStream.range(0, PARTITIONS)
                    .filter(p -> raw.leader(topic, p) != dead)
                    .boxed()
                    .toList();
            Thread flooding = new Thread(() -> {
                for (int i = 0; i < 3 * room; i++) {
                    flood.add(publisher.publish(message(0, "lost-" + i)));
                }
            });
            kafka.killNode(dead);
            try {
                flooding.start();
                await().atMost(PATIENT).until(() -> flooding.getState() == Thread.State.TIMED_WAITING);
                for (int round = 0; round < 100; round++) {
                    for (int p : alive) {
                        assertThat(publisher.publish(message(p, "alive-" + round)))
                                .succeedsWithin(PATIENT);
                    }
                }
                assertThat(flooding.isAlive()).as("it waits at the bound").isTrue();
                assertThat(flood).noneMatch(CompletableFuture::isDone).hasSizeLessThan(room);
            } finally {
                kafka.restartNode(dead);
            }
            flooding.join();
            flood.forEach(CompletableFuture::join);
        }
    }

    private static String outcome(CompletableFuture<Receipt> publish) {
        Throwable failure = publish.handle((receipt, error) -> error).join();
        if (failure == null) {
            return "confirmed";
        }
        if (failure instanceof PublishOutcomeUnknownException) {
            return "unknown";
        }
        Reason reason = ((PublishRejectedException) failure).reason();
        return reason == Reason.NOT_ATTEMPTED ? "not attempted" : reason == Reason.KEY_FROZEN ? "frozen" : failure + "";
    }

    private static OutboundMessage<String> message(int partition, String body) {
        return OutboundMessage.of(body).key(key(partition, 0));
    }

    /** Under a key that no unknown message holds. */
    private static OutboundMessage<String> fresh(int partition) {
        return OutboundMessage.of("fresh").key(key(partition, 1_000));
    }

    private static String key(int partition, int from) {
        return IntStream.range(from, from + 1_000)
                .mapToObj(i -> "k" + i)
                .filter(key -> KeyHash.place(KeyHash.of(key), PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }
}
