package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.it.traffic.SteadyTraffic;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.Providers;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes with the settings that keep what is confirmed: replication factor 3, {@code min.insync.replicas} 2, no unclean
 * leader. One node after the other is killed while a client publishes and two groups of two consume.
 */
class KafkaNodeLossIT {
    private static final int PARTITIONS = 6;
    private static final String CLASSIC = "group-classic";
    private static final String ASSIGNED = "group-consumer";

    private static KafkaServer kafka;
    private static RedisServer redis;

    @TempDir
    private Path folder;

    private final String topic = SharedKafka.name("node-loss");
    private RawKafka raw;

    @BeforeAll
    static void start() {
        redis = RedisServer.builder().appendFsync(RedisServer.Fsync.ALWAYS).build();
        redis.start();
        // Longer than a busy machine keeps a sound node from its heartbeats: only the killed one shall go.
        kafka = KafkaServer.builder()
                .nodes(3)
                .config("broker.session.timeout.ms", 3_000)
                .build();
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
        raw.close();
    }

    @Test
    @Tag("slow")
    void losesAndRepeatsNothingWhenLeadersAndCoordinatorsAreKilled() throws Exception {
        try (MessagingClient publishing = client(GroupProtocol.CLASSIC);
                SteadyTraffic traffic = new SteadyTraffic(topic, folder)) {
            publishing.ensure(DestinationSpec.builder(topic)
                    .partitions(PARTITIONS)
                    .replicas(3)
                    .group(CLASSIC)
                    .group(ASSIGNED)
                    .setting("min.insync.replicas", "2")
                    .setting("unclean.leader.election.enable", "false")
                    .build());
            traffic.group(CLASSIC, () -> client(GroupProtocol.CLASSIC));
            traffic.group(ASSIGNED, () -> client(GroupProtocol.CONSUMER));
            traffic.start(publishing);
            int first = raw.coordinator(CLASSIC, topic);
            kill(first);
            traffic.awaitGoesOn();
            kafka.restartNode(first);
            await().atMost(Duration.ofSeconds(90)).until(() -> raw.isReplicated(topic, 3));
            kill(raw.coordinator(ASSIGNED, topic));
            traffic.awaitGoesOn();
            traffic.assertOneEffectEachInOrder();
        }
    }

    private void kill(int coordinator) {
        assertThat(raw.leaders(topic))
                .as("the coordinator leads partitions as well")
                .contains(coordinator);
        kafka.killNode(coordinator);
    }

    private static MessagingClient client(GroupProtocol protocol) {
        return MessagingClient.builder()
                .transport(Kafka.at(kafka.bootstrap()).groupProtocol(protocol))
                .idempotency(Providers.store(redis.uri()))
                .build();
    }
}
