package io.oncemq.it.rabbit;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.it.traffic.SteadyTraffic;
import io.oncemq.rabbit.Rabbit;
import io.oncemq.spi.Providers;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitCluster;
import io.oncemq.testkit.server.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes with a member of each quorum queue on every one. The node that leads a queue is killed while a client publishes
 * and a group of two consumes; then the one that has taken over.
 */
@NeedsRabbit
@Tag("slow")
class RabbitNodeLossIT {
    private static final String DESTINATION = "node-loss";
    private static final String GROUP = "billing";
    private static final int SHARDS = 4;

    private static RabbitCluster rabbit;
    private static RedisServer redis;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        redis = RedisServer.builder().appendFsync(RedisServer.Fsync.ALWAYS).build();
        redis.start();
        rabbit = RabbitCluster.started();
    }

    @AfterAll
    static void stop() {
        rabbit.close();
        redis.close();
    }

    @Test
    void losesAndRepeatsNothingWhenTheLeaderOfAQueueIsKilled() throws Exception {
        try (MessagingClient publishing = client();
                SteadyTraffic traffic = new SteadyTraffic(DESTINATION, folder)) {
            publishing.ensure(DestinationSpec.builder(DESTINATION)
                    .partitions(SHARDS)
                    .replicas(3)
                    .group(GROUP)
                    .build());
            rabbit.settle();
            traffic.group(GROUP, RabbitNodeLossIT::client);
            traffic.start(publishing);
            String queue = DESTINATION + "." + GROUP + ".0";
            int first = rabbit.leader(queue);
            rabbit.node(first).kill();
            traffic.awaitGoesOn();
            int second = rabbit.awaitLeaderOtherThan(queue, first);
            rabbit.node(first).start();
            for (int shard = 0; shard < SHARDS; shard++) {
                rabbit.awaitMembers(DESTINATION + "." + GROUP + "." + shard);
            }
            rabbit.node(second).kill();
            traffic.awaitGoesOn();
            traffic.assertOneEffectEachInOrder();
        }
    }

    private static MessagingClient client() {
        return MessagingClient.builder()
                .transport(Rabbit.at(rabbit.addresses()))
                .acceptUnchecked("quorum queue members", "the cluster of this test has three nodes")
                .clusterName("three-nodes")
                .idempotency(Providers.store(redis.uri()))
                .build();
    }
}
