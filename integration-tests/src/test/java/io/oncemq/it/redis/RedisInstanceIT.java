package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.CrashPolicy;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.testkit.server.RedisCluster;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RedisVersion;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an instance of a broadcast group leaves behind ends, and neither looks like a loss of data nor hides one. */
class RedisInstanceIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration LEASE = Duration.ofMinutes(10);

    static Stream<RedisVersion> versions() {
        return RedisServer.binaries().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void nothingStaysOfAnInstanceThatDoesNotComeBack(RedisVersion version) {
        try (RedisServer redis = server(version);
                IdempotencyStore store = store(redis.uri(), SHORT)) {
            ClaimStore instance = store.instance("g@pod-1", CrashPolicy.REPROCESS, SHORT);
            done(instance, 0);
            ClaimStore group = store.group("g", CrashPolicy.REPROCESS, SHORT);
            done(group, 0);
            awaitKeys(redis, "*pod-1*", 0);
            assertThat(keys(redis, "{oncemq:g:*}m"))
                    .as("of the group, for good")
                    .isEqualTo(4);
            assertThat(keys(redis, "{oncemq:g}")).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void anIdleProcessDoesNotTakeTheEndForALoss(RedisVersion version) {
        try (RedisServer redis = server(version);
                IdempotencyStore store = store(redis.uri(), SHORT)) {
            ClaimStore idle = store.instance("g@pod-1", CrashPolicy.REPROCESS, SHORT);
            done(idle, 0);
            awaitKeys(redis, "*pod-1*", 0);
            assertThat(kinds(idle, Type.CLAIM, 0, 2))
                    .as("and waits for no lease")
                    .containsOnly(Kind.ACQUIRED);
            assertThat(idle.dataLosses()).isZero();
            ClaimStore fresh = store.instance("g@pod-1", CrashPolicy.REPROCESS, SHORT);
            assertThat(fresh.dataLosses()).isZero();
        }
    }

    /** Some shards are called all the time, others never, and a new process comes and goes. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void anInstanceThatIsUsedStays(RedisVersion version) {
        try (RedisServer redis = server(version);
                IdempotencyStore store = store(redis.uri(), SHORT)) {
            ClaimStore used = store.instance("g@pod-1", CrashPolicy.REPROCESS, SHORT);
            long end = System.nanoTime() + SHORT.multipliedBy(7).dividedBy(2).toNanos();
            for (long i = 0; System.nanoTime() < end; i++) {
                assertThat(kind(used, Type.CLAIM, new RecordId(i << 40, i, 0), 1))
                        .isEqualTo(Kind.ACQUIRED);
                ClaimStore fresh = store.instance("g@pod-1", CrashPolicy.REPROCESS, SHORT);
                assertThat(fresh.dataLosses()).isZero();
            }
            assertThat(used.dataLosses()).isZero();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void aLossIsNoticedByWhoeverUsesTheInstance(RedisVersion version) {
        try (RedisServer redis = server(version);
                IdempotencyStore store = store(redis.uri(), LONG)) {
            ClaimStore used = store.instance("g@pod-1", CrashPolicy.REPROCESS, LEASE);
            done(used, 0);
            assertThat(ends(redis)).as("all of it ends").isTrue();
            RedisConsole.send(redis.port(), "FLUSHALL");
            assertThat(kinds(used, Type.CLAIM, 100, 2)).containsOnly(Kind.BUSY);
            assertThat(used.dataLosses()).isEqualTo(1);
            assertThat(ends(redis)).as("what was written again").isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void aLossOfAShardIsNoticedByAFreshProcess(RedisVersion version) {
        try (RedisServer redis = server(version);
                IdempotencyStore store = store(redis.uri(), LONG)) {
            done(store.instance("g@pod-1", CrashPolicy.REPROCESS, LEASE), 0);
            assertThat(RedisConsole.send(redis.port(), "DEL {oncemq:g@pod-1:2}m"))
                    .containsExactly(":1");
            ClaimStore fresh = store.instance("g@pod-1", CrashPolicy.REPROCESS, LEASE);
            assertThat(fresh.dataLosses()).isEqualTo(1);
            assertThat(kind(fresh, Type.CLAIM, new RecordId(7, 7, 2), 2)).isEqualTo(Kind.BUSY);
        }
    }

    @Test
    void onAClusterToo() {
        try (RedisCluster cluster = RedisCluster.started();
                IdempotencyStore store = store(cluster.uri(), SHORT);
                IdempotencyStore longer = store(cluster.uri(), LONG)) {
            ClaimStore idle = store.instance("g@pod-1", CrashPolicy.REPROCESS, SHORT);
            done(idle, 0);
            ClaimStore used = longer.instance("g@pod-2", CrashPolicy.REPROCESS, LEASE);
            done(used, 0);
            cluster.nodes().forEach(node -> awaitKeys(node, "*pod-1*", 0));
            assertThat(kinds(idle, Type.CLAIM, 0, 2)).containsOnly(Kind.ACQUIRED);
            assertThat(idle.dataLosses()).isZero();
            cluster.nodes().forEach(node -> RedisConsole.send(node.port(), "FLUSHALL"));
            assertThat(kinds(used, Type.CLAIM, 100, 2)).contains(Kind.BUSY).isSubsetOf(Kind.BUSY, Kind.UNKNOWN);
            assertThat(used.dataLosses()).isPositive();
        }
    }

    private static void done(ClaimStore claims, int from) {
        assertThat(kinds(claims, Type.CLAIM, from, 1)).containsOnly(Kind.ACQUIRED);
        // A lease as short as the time to remember may have lapsed meanwhile.
        assertThat(kinds(claims, Type.COMPLETE, from, 1)).isSubsetOf(Kind.OK, Kind.LATE);
    }

    private static List<Kind> kinds(ClaimStore claims, Type type, int from, long owner) {
        return StoreCalls.kinds(claims, type, from, 40, owner);
    }

    private static Kind kind(ClaimStore claims, Type type, RecordId id, long owner) {
        return claims.apply(List.of(StoreCommand.of(type, id, new Owner(owner, owner))))
                .get(0)
                .kind();
    }

    private static boolean ends(RedisServer redis) {
        return lines(redis, "*pod-1*").allMatch(key -> {
            String answer = RedisConsole.send(redis.port(), "PTTL " + key).get(0);
            return Long.parseLong(answer.substring(1)) > 0;
        });
    }

    private static void awaitKeys(RedisServer redis, String pattern, long count) {
        await().atMost(PATIENCE).until(() -> keys(redis, pattern) == count);
    }

    private static long keys(RedisServer redis, String pattern) {
        return lines(redis, pattern).count();
    }

    /** Names of markers and layouts; those of buckets are binary and end by themselves. */
    private static Stream<String> lines(RedisServer redis, String pattern) {
        return RedisConsole.send(redis.port(), "KEYS " + pattern).stream()
                .filter(line -> line.startsWith("{oncemq:") && (line.endsWith("}") || line.endsWith("}m")));
    }

    private static RedisServer server(RedisVersion version) {
        RedisServer redis = RedisServer.builder().binary(version.program()).build();
        redis.start();
        return redis;
    }

    private static IdempotencyStore store(String uri, Duration rememberFor) {
        return RedisIdempotency.at(uri)
                .rememberFor(rememberFor)
                .timeout(Duration.ofSeconds(60))
                .open();
    }
}
