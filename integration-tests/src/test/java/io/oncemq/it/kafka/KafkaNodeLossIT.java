package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.Providers;
import io.oncemq.testkit.history.DuplicateCheck;
import io.oncemq.testkit.history.Duplicates;
import io.oncemq.testkit.history.EffectLedger;
import io.oncemq.testkit.history.Event;
import io.oncemq.testkit.history.EventKind;
import io.oncemq.testkit.history.History;
import io.oncemq.testkit.history.LostCheck;
import io.oncemq.testkit.history.OrderCheck;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes with the settings that keep what is confirmed: replication factor 3, {@code min.insync.replicas} 2, no unclean
 * leader. One node after the other is killed while a client publishes and two groups of two consume.
 */
class KafkaNodeLossIT {
    private static final int KEYS = 12;
    private static final int PARTITIONS = 6;
    private static final int SHARE = 400;

    private static KafkaServer kafka;
    private static RedisServer redis;

    @TempDir
    private Path folder;

    private final String topic = SharedKafka.name("node-loss");
    private final AtomicInteger confirmed = new AtomicInteger();
    private final ScheduledExecutorService source = Executors.newSingleThreadScheduledExecutor();
    private RawKafka raw;
    private int rounds;

    @BeforeAll
    static void start() {
        redis = RedisServer.builder().appendFsync(RedisServer.Fsync.ALWAYS).build();
        redis.start();
        kafka = KafkaServer.builder().nodes(3).build();
        kafka.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
        redis.close();
    }

    @BeforeEach
    void open() {
        raw = new RawKafka(kafka.bootstrap());
    }

    @AfterEach
    void close() {
        source.shutdownNow();
        raw.close();
    }

    @Test
    void losesAndRepeatsNothingWhenLeadersAndCoordinatorsAreKilled() throws Exception {
        try (MessagingClient publishing = client(GroupProtocol.CLASSIC);
                Group classic = new Group(GroupProtocol.CLASSIC);
                Group assigned = new Group(GroupProtocol.CONSUMER)) {
            publishing.ensure(DestinationSpec.of(topic)
                    .partitions(PARTITIONS)
                    .replicas(3)
                    .group(classic.name)
                    .group(assigned.name)
                    .setting("min.insync.replicas", "2")
                    .setting("unclean.leader.election.enable", "false"));
            List<Group> groups = List.of(classic, assigned);
            groups.forEach(Group::consume);
            Publisher<String> publisher = publishing.publisher(
                    topic,
                    Codecs.string(),
                    PublisherOptions.defaults().maxInFlight(500).deadline(Duration.ofMinutes(2)));
            source.scheduleAtFixedRate(() -> publishRound(publisher, groups), 0, 25, TimeUnit.MILLISECONDS);
            patiently().until(() -> groups.stream().allMatch(group -> group.effects.get() > SHARE / 2));
            int first = raw.coordinator(classic.name);
            goesOnWithout(first, groups);
            kafka.restartNode(first);
            patiently().until(() -> raw.isReplicated(topic, 3));
            goesOnWithout(raw.coordinator(assigned.name), groups);
            source.shutdown();
            assertThat(source.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
            publishing.close();
            assertThat(confirmed).hasValue(rounds * KEYS);
            patiently().until(() -> groups.stream().allMatch(group -> group.effects.get() >= rounds * KEYS));
            groups.forEach(Group::assertOneEffectEachInOrder);
        }
    }

    /** Kills the node amid the work; publishing and handling go on without it. */
    private void goesOnWithout(int node, List<Group> groups) {
        assertThat(raw.leaders(topic))
                .as("the coordinator leads partitions as well")
                .contains(node);
        kafka.killNode(node);
        int before = confirmed.get();
        patiently().until(() -> confirmed.get() > before + SHARE);
        patiently().until(() -> groups.stream().allMatch(group -> group.effects.get() > before + SHARE));
    }

    private static MessagingClient client(GroupProtocol protocol) {
        return MessagingClient.builder()
                .transport(Kafka.at(kafka.bootstrap()).groupProtocol(protocol))
                .idempotency(Providers.store(redis.uri()))
                .build();
    }

    /** One message of each key. */
    private void publishRound(Publisher<String> publisher, List<Group> groups) {
        int sequence = rounds++;
        for (int n = 0; n < KEYS; n++) {
            String key = "key-" + n;
            OutboundMessage<String> message = OutboundMessage.of(Integer.toString(sequence))
                    .id(key + "-" + sequence)
                    .key(key);
            publisher.publish(message).thenRun(() -> {
                Event event = Event.now(EventKind.CONFIRMED, key, message.id(), sequence, 0, null);
                groups.forEach(group -> group.ledger.append(event));
                confirmed.incrementAndGet();
            });
        }
    }

    /** Two members and what they did. */
    private final class Group implements AutoCloseable {
        final String name;
        final AtomicInteger effects = new AtomicInteger();
        final EffectLedger ledger;
        private final Path file;
        private final List<MessagingClient> members;

        Group(GroupProtocol protocol) {
            name = "group-" + protocol.name().toLowerCase(Locale.ROOT);
            file = folder.resolve(name);
            ledger = EffectLedger.open(file);
            members = List.of(client(protocol), client(protocol));
        }

        void consume() {
            members.forEach(member ->
                    member.subscribe(topic, Codecs.string()).group(name).handle(this::handle));
        }

        private void handle(Delivery<String> delivery) {
            long sequence = Long.parseLong(String.valueOf(delivery.body()));
            String key = String.valueOf(delivery.key());
            long token = delivery.fencingToken().orElseThrow();
            ledger.effect(key, delivery.id(), sequence, delivery.attempt(), token);
            effects.incrementAndGet();
        }

        /** No process died: not even a crash window explains a repetition. */
        void assertOneEffectEachInOrder() {
            members.forEach(MessagingClient::close);
            History history = History.of(file);
            assertThat(LostCheck.in(history).samples()).isEmpty();
            assertThat(OrderCheck.in(history).samples()).isEmpty();
            Duplicates duplicates = DuplicateCheck.in(history, pid -> 0);
            assertThat(duplicates.inCrashWindow().samples()).isEmpty();
            assertThat(duplicates.unexplained().samples()).isEmpty();
        }

        @Override
        public void close() {
            members.forEach(MessagingClient::close);
            ledger.close();
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(50));
    }
}
