package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.CrashPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent.DeliveryCompleted;
import io.oncemq.MessagingEvent.StoreUnavailable;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.kafka.Kafka;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RedisCluster;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A server, or a proxy before it, may close an idle connection. That is not an outage. */
class RedisIdleConnectionIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void connectionsThatWereClosedWhileTheyLayIdleAreReplaced() {
        try (RedisServer redis = RedisServer.started();
                IdempotencyStore store = RedisIdempotency.at(redis.uri())
                        .timeout(Duration.ofSeconds(30))
                        .open()) {
            ClaimStore claims = store.group("idle", CrashPolicy.REPROCESS, Duration.ofMinutes(5));
            for (int i = 0; i < 5; i++) {
                assertThat(apply(claims, Type.CLAIM, i)).containsOnly(Kind.ACQUIRED);
                killConnections(redis);
                assertThat(apply(claims, Type.COMPLETE, i)).containsOnly(Kind.OK);
                killConnections(redis);
                store.ping();
            }
        }
    }

    @Test
    void theNodesOfAClusterMayCloseAllOfThemAtOnce() {
        try (RedisCluster cluster = RedisCluster.started();
                IdempotencyStore store = RedisIdempotency.at(cluster.uri())
                        .timeout(Duration.ofSeconds(30))
                        .open()) {
            ClaimStore claims = store.group("idle", CrashPolicy.REPROCESS, Duration.ofMinutes(5));
            for (int i = 0; i < 5; i++) {
                cluster.nodes().forEach(RedisIdleConnectionIT::killConnections);
                assertThat(apply(claims, Type.CLAIM, i)).containsOnly(Kind.ACQUIRED);
                cluster.nodes().forEach(RedisIdleConnectionIT::killConnections);
                assertThat(apply(claims, Type.COMPLETE, i)).containsOnly(Kind.OK);
            }
        }
    }

    @Test
    void anIdleTimeOfTheServerIsNotToldAsAnOutage() {
        List<StoreUnavailable> outages = new CopyOnWriteArrayList<>();
        List<String> handled = new CopyOnWriteArrayList<>();
        List<String> done = new CopyOnWriteArrayList<>();
        try (KafkaServer kafka = KafkaServer.started();
                RedisServer redis = RedisServer.started();
                MessagingClient client = MessagingClient.builder()
                        .profile(Profile.DEV)
                        .transport(Kafka.at(kafka.bootstrap()))
                        .idempotency(redis.uri())
                        .eventListener(event -> {
                            if (event instanceof StoreUnavailable outage) {
                                outages.add(outage);
                            } else if (event instanceof DeliveryCompleted completed) {
                                done.add(completed.id());
                            }
                        })
                        .build()) {
            client.ensure(DestinationSpec.builder("orders").group("billing").build());
            client.subscription("orders", Codecs.string())
                    .group("billing")
                    .handler(delivery -> handled.add(delivery.id()))
                    .start();
            for (int i = 1; i <= 2; i++) {
                int count = i;
                client.publisher("orders", Codecs.string())
                        .publish(OutboundMessage.of("body").id("e-" + i))
                        .join();
                await().atMost(PATIENCE).until(() -> done.size() == count);
                idleTime(redis, 1);
                await().atMost(PATIENCE).ignoreExceptions().until(() -> connections(redis) == 0);
                idleTime(redis, 0);
            }
        }
        assertThat(handled).containsExactly("e-1", "e-2");
        assertThat(outages).isEmpty();
    }

    /**
     * Set only while nothing is under way: a thread that stands still between its connection and its command would else have neither. The
     * one that sets it can meet that, too, and tries again.
     */
    private static void idleTime(RedisServer redis, int seconds) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> RedisConsole.send(redis.port(), "CONFIG SET timeout " + seconds)
                        .contains("+OK"));
    }

    private static void killConnections(RedisServer redis) {
        RedisConsole.send(redis.port(), "CLIENT KILL TYPE normal");
        await().atMost(PATIENCE).until(() -> connections(redis) == 0);
    }

    /** Without the one that asks. */
    private static int connections(RedisServer redis) {
        return Integer.parseInt(RedisConsole.info(redis.port(), "connected_clients")) - 1;
    }

    private static List<Kind> apply(ClaimStore claims, Type type, int from) {
        return StoreCalls.kinds(claims, type, from * 100L, 100, 1);
    }
}
