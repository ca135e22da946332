package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.kafka.Kafka;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.LeakCheck;
import io.oncemq.testkit.server.RedisCluster;
import io.oncemq.testkit.server.RedisSentinel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Publishers and a consumer on Kafka while the store's master is killed: nothing is lost, each key stays in order, and what was
 * done when the replicas were in step is never handled again, though every message is published a second time. What was done
 * between the last replication and the kill may be: replication is asynchronous, and no client can change that.
 */
@ExtendWith(LeakCheck.class)
class RedisFailoverIT {
    /** Waited out when the replica that takes over lacks claims that were granted. */
    private static final Duration LEASE = Duration.ofSeconds(5);

    /** A server that lives and takes its time must not lose its place: what it did last would be lost with it. */
    private static final Duration DOWN_AFTER = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int KEYS = 20;
    private static final int FIRST = 400;
    private static final int ALL = 1_600;

    private static KafkaServer kafka;

    @BeforeAll
    static void start() {
        kafka = KafkaServer.started();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void losesNothingWhenTheMasterOfTheSentinelsDies() {
        try (RedisSentinel deployment =
                RedisSentinel.builder().downAfter(DOWN_AFTER).build()) {
            deployment.start();
            RedisIdempotency redis = RedisIdempotency.at(deployment.uri()).timeout(DOWN_AFTER);
            int master = await().atMost(PATIENCE).until(deployment::master, server -> server >= 0);
            losesNothing("sentinel", redis, deployment::awaitReplicas, () -> {
                deployment.server(master).kill();
                assertThat(deployment.awaitMasterOtherThan(master)).isNotEqualTo(master);
            });
        }
    }

    @Test
    void losesNothingWhenAMasterOfTheClusterDies() {
        try (RedisCluster cluster =
                RedisCluster.builder().replicas(1).nodeTimeout(DOWN_AFTER).build()) {
            cluster.start();
            int slot = JedisClusterCRC16.getSlot("{oncemq:failover-cluster:0}m");
            int master = await().atMost(PATIENCE).until(() -> cluster.owner(slot), owner -> owner >= 0);
            RedisIdempotency redis = RedisIdempotency.at(cluster.uri()).timeout(DOWN_AFTER);
            losesNothing("cluster", redis, () -> cluster.awaitReplicas(master), () -> {
                cluster.node(master).kill();
                assertThat(cluster.awaitOwnerOtherThan(slot, master)).isNotEqualTo(master);
            });
        }
    }

    private static void losesNothing(String name, RedisIdempotency redis, Runnable replicated, Runnable failover) {
        String topic = "failover-" + name;
        Queue<String> effects = new ConcurrentLinkedQueue<>();
        Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
        try (MessagingClient client = MessagingClient.builder()
                .transport(Kafka.at(kafka.bootstrap()))
                .idempotency(redis)
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build()) {
            client.ensure(
                    DestinationSpec.builder(topic).partitions(4).group(topic).build());
            client.subscription(topic, Codecs.string())
                    .group(topic)
                    .concurrency(8)
                    .lease(LEASE)
                    .handler(delivery -> effects.add(delivery.body()))
                    .start();
            Publisher<String> publisher = client.publisher(
                    topic,
                    Codecs.string(),
                    PublisherOptions.builder().deadline(PATIENCE).build());
            publish(publisher, 0, FIRST);
            awaitAll(effects, FIRST);
            await().atMost(PATIENCE).until(() -> completed(events) >= FIRST);
            replicated.run();
            Set<String> kept = new HashSet<>(effects);

            CompletableFuture<Void> traffic = CompletableFuture.runAsync(() -> publish(publisher, FIRST, ALL));
            await().atMost(PATIENCE).until(() -> effects.size() > FIRST + 50);
            failover.run();
            traffic.join();
            awaitAll(effects, ALL);
            List<String> firstEffects = new ArrayList<>(new LinkedHashSet<>(effects));

            publish(publisher, 0, ALL);
            publish(publisher, ALL, ALL + KEYS);
            awaitAll(effects, ALL + KEYS);
            assertThat(ordered(firstEffects))
                    .as("order of first effects within each key")
                    .isTrue();
            assertThat(repeated(effects)).as("handled again").doesNotContainAnyElementsOf(kept);
        }
    }

    private static long completed(Queue<MessagingEvent> events) {
        return events.stream()
                .filter(MessagingEvent.DeliveryCompleted.class::isInstance)
                .count();
    }

    private static void publish(Publisher<String> publisher, int from, int to) {
        publisher
                .publishAll(IntStream.range(from, to)
                        .mapToObj(i -> OutboundMessage.of("" + i).id("m" + i).key("k" + i % KEYS))
                        .toList())
                .forEach(CompletableFuture::join);
    }

    private static void awaitAll(Queue<String> effects, int count) {
        await().atMost(PATIENCE).until(() -> new HashSet<>(effects).size() >= count);
    }

    private static boolean ordered(List<String> effects) {
        int[] last = new int[KEYS];
        for (String effect : effects) {
            int number = Integer.parseInt(effect);
            if (number < last[number % KEYS]) {
                return false;
            }
            last[number % KEYS] = number;
        }
        return true;
    }

    private static List<String> repeated(Queue<String> effects) {
        Set<String> seen = new HashSet<>();
        return effects.stream().filter(effect -> !seen.add(effect)).toList();
    }
}
