package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.CrashPolicy;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.spi.StoreUnavailableException;
import io.oncemq.testkit.server.LeakCheck;
import io.oncemq.testkit.server.RedisCluster;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Slots that move and masters that die, while claims run. */
@ExtendWith(LeakCheck.class)
class RedisClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** For what is no outage: a server that takes its time. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final int KEYS_PER_STEP = 40;
    private static final Owner OWNER = new Owner(1, 1);

    @Test
    void noClaimIsGivenTwiceAndNoDoneIsLostWhileTheSlotOfABusyShardMoves() throws Exception {
        try (RedisCluster cluster = RedisCluster.started();
                ClaimTraffic traffic =
                        new ClaimTraffic(RedisIdempotency.at(cluster.uri()).timeout(TIMEOUT), "moving", 2, 20_000)) {
            int slot = slot("moving", 0);
            awaitProgress(traffic, 0, 2_000);
            for (int move = 0; move < 3; move++) {
                int from = owner(cluster, slot);
                int to = (from + 1) % 3;
                cluster.beginMove(slot, from, to);
                long others = traffic.answered(1) + traffic.answered(2) + traffic.answered(3);
                while (cluster.moveKeys(slot, from, to, KEYS_PER_STEP) > 0) {
                    others = awaitOthers(traffic, others);
                }
                cluster.endMove(slot, to);
                awaitProgress(traffic, 0, 300);
            }
            traffic.close();
            assertThat(traffic.violations()).isEmpty();
        }
    }

    /** Every claim that is asked for while a slot is on its way waits, and has written nothing until then. */
    @Test
    void aShardWaitsWhileItsSlotMovesAndNothingOfItIsHalfWritten() {
        try (RedisCluster cluster = RedisCluster.started();
                IdempotencyStore store = RedisIdempotency.at(cluster.uri())
                        .shards(1)
                        .timeout(TIMEOUT)
                        .open()) {
            ClaimStore claims = store.group("waiting", CrashPolicy.REPROCESS, Duration.ofMinutes(5));
            List<RecordId> ids = LongStream.range(0, 500)
                    .mapToObj(i -> new RecordId(i * 0x9E3779B97F4A7C15L, i, (int) i))
                    .toList();
            claims.apply(commands(Type.CLAIM, ids.subList(0, 400)));
            int slot = slot("waiting", 0);
            int from = owner(cluster, slot);
            int to = (from + 1) % 3;
            cluster.beginMove(slot, from, to);
            for (int moved = KEYS_PER_STEP; moved > 0; moved = cluster.moveKeys(slot, from, to, KEYS_PER_STEP)) {
                assertThat(claims.apply(commands(Type.COMPLETE, ids)))
                        .extracting(StoreAnswer::kind)
                        .containsOnly(Kind.UNKNOWN);
            }
            cluster.endMove(slot, to);
            List<Kind> kinds = await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                    .until(
                            () -> claims.apply(commands(Type.CLAIM, ids)).stream()
                                    .map(StoreAnswer::kind)
                                    .toList(),
                            answers -> !answers.contains(Kind.UNKNOWN));
            assertThat(kinds.subList(0, 400)).containsOnly(Kind.MINE);
            assertThat(kinds.subList(400, 500)).containsOnly(Kind.ACQUIRED);
        }
    }

    @Test
    void theOtherShardsGoOnWhileOneMasterIsDeadAndItsReplicaTakesOver() throws Exception {
        try (RedisCluster cluster = RedisCluster.builder()
                .replicas(1)
                .nodeTimeout(Duration.ofSeconds(5))
                .build()) {
            cluster.start();
            RedisIdempotency redis = RedisIdempotency.at(cluster.uri()).timeout(TIMEOUT);
            try (ClaimTraffic traffic = new ClaimTraffic(redis, "failover", 2, 20_000)) {
                int slot = slot("failover", 0);
                int dying = owner(cluster, slot);
                List<Integer> elsewhere = IntStream.range(1, ClaimTraffic.SHARDS)
                        .filter(shard -> owner(cluster, slot("failover", shard)) != dying)
                        .boxed()
                        .toList();
                assertThat(elsewhere).isNotEmpty();
                awaitProgress(traffic, 0, 500);
                cluster.node(dying).kill();
                elsewhere.forEach(shard -> awaitProgress(traffic, shard, 1_000));
                long before = traffic.answered(0);
                int promoted = cluster.awaitOwnerOtherThan(slot, dying);
                assertThat(promoted).isGreaterThanOrEqualTo(3);
                awaitProgress(traffic, 0, 500);
                assertThat(traffic.answered(0)).isGreaterThan(before);
                elsewhere.forEach(shard -> awaitProgress(traffic, shard, 100));
                traffic.close();
                assertThat(elsewhere)
                        .allSatisfy(
                                shard -> assertThat(traffic.violations(shard)).isEmpty());
            }
        }
    }

    @Test
    void anyNodeLeadsToTheOthers() {
        try (RedisCluster cluster = RedisCluster.started();
                IdempotencyStore store = RedisIdempotency.at(
                                "redis://127.0.0.1:" + cluster.node(1).port())
                        .timeout(TIMEOUT)
                        .open()) {
            ClaimStore claims = store.group("any", CrashPolicy.REPROCESS, Duration.ofMinutes(5));
            List<RecordId> ids = LongStream.range(0, 100)
                    .mapToObj(i -> new RecordId(i, i, (int) i * 0x9E3779B9))
                    .toList();
            assertThat(claims.apply(commands(Type.CLAIM, ids)))
                    .extracting(StoreAnswer::kind)
                    .containsOnly(Kind.ACQUIRED);
        }
    }

    private static List<StoreCommand> commands(Type type, List<RecordId> ids) {
        return ids.stream().map(id -> StoreCommand.of(type, id, OWNER)).toList();
    }

    private static int slot(String group, int shard) {
        return JedisClusterCRC16.getSlot("{oncemq:" + group + ":" + shard + "}m");
    }

    /** Nodes hear of a slot that moved one after another. */
    private static int owner(RedisCluster cluster, int slot) {
        return await().atMost(PATIENCE).until(() -> cluster.owner(slot), owner -> owner >= 0);
    }

    private static void awaitProgress(ClaimTraffic traffic, int shard, long more) {
        long from = traffic.answered(shard);
        await().atMost(PATIENCE).until(() -> traffic.answered(shard) >= from + more);
    }

    private static long awaitOthers(ClaimTraffic traffic, long seen) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> traffic.answered(1) + traffic.answered(2) + traffic.answered(3) > seen);
        return traffic.answered(1) + traffic.answered(2) + traffic.answered(3);
    }
}
