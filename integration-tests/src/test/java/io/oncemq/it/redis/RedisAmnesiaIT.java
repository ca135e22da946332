package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConfigurationException;
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
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** D8 where only Redis can lose: one shard of several, and the newest part of a shard. */
class RedisAmnesiaIT {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int SHARDS = 2;

    private final RedisServer redis = RedisServer.started();
    private final List<IdempotencyStore> stores = new ArrayList<>();
    private int nextId;

    @AfterEach
    void close() {
        stores.forEach(IdempotencyStore::close);
        redis.close();
    }

    @Test
    @DisplayName("only the shard that lost its data waits, for clients that come new as well")
    void onlyTheShardThatLostItsDataWaits() {
        ClaimStore claims = open();
        assertThat(claimOnePerShard(claims)).containsOnly(Kind.ACQUIRED);
        RedisConsole.send(redis.port(), "DEL {oncemq:g:0}m");
        ClaimStore newcomer = open();
        assertThat(claimOnePerShard(newcomer)).containsExactly(Kind.BUSY, Kind.ACQUIRED);
        assertThat(claimOnePerShard(claims)).containsExactly(Kind.BUSY, Kind.ACQUIRED);
        assertThat(newcomer.dataLosses()).isEqualTo(1);
        assertThat(claims.dataLosses()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "a shard that lost its newest claims, as a replica that lagged, is noticed by whoever held one of them")
    void noticesAShardThatWentBack() {
        ClaimStore claims = open();
        ClaimStore others = open();
        claimOnePerShard(claims);
        RedisConsole.send(redis.port(), "COPY {oncemq:g:0}m {oncemq:g:0}old");
        assertThat(claimOnePerShard(claims)).containsOnly(Kind.ACQUIRED);
        RedisConsole.send(redis.port(), "COPY {oncemq:g:0}old {oncemq:g:0}m REPLACE");
        assertThat(claimOnePerShard(claims)).containsExactly(Kind.BUSY, Kind.ACQUIRED);
        assertThat(claimOnePerShard(others)).containsExactly(Kind.BUSY, Kind.ACQUIRED);
        assertThat(claims.dataLosses()).isEqualTo(1);
        assertThat(others.dataLosses()).isEqualTo(1);
    }

    @Test
    @DisplayName("a marker that was lost and comes back, as from an older replica, is another loss")
    void noticesAnOlderMarker() {
        ClaimStore claims = open();
        RedisConsole.send(redis.port(), "COPY {oncemq:g:0}m {oncemq:g:0}old");
        RedisConsole.send(redis.port(), "DEL {oncemq:g:0}m");
        claimOnePerShard(claims);
        RedisConsole.send(redis.port(), "COPY {oncemq:g:0}old {oncemq:g:0}m REPLACE");
        assertThat(claimOnePerShard(claims)).containsExactly(Kind.BUSY, Kind.ACQUIRED);
        assertThat(claims.dataLosses()).isEqualTo(2);
    }

    @Test
    @DisplayName("after a loss the layout is written again, so that nobody divides the group otherwise")
    void writesTheLayoutAgain() {
        ClaimStore claims = open();
        RedisConsole.send(redis.port(), "FLUSHALL");
        assertThat(claimOnePerShard(claims)).containsOnly(Kind.BUSY);
        assertThatThrownBy(() -> open(SHARDS + 1))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        refusal -> assertThat(refusal.property()).isEqualTo("shards"));
    }

    @Test
    @DisplayName("a group that is opened by many at once for the first time does not wait")
    void firstUseDoesNotWait() {
        List<ClaimStore> all =
                IntStream.range(0, 8).parallel().mapToObj(i -> open()).toList();
        assertThat(all).allSatisfy(claims -> {
            assertThat(claimOnePerShard(claims)).containsOnly(Kind.ACQUIRED);
            assertThat(claims.dataLosses()).isZero();
        });
    }

    private ClaimStore open() {
        return open(SHARDS);
    }

    private ClaimStore open(int shards) {
        IdempotencyStore store = RedisIdempotency.at(redis.uri())
                .shards(shards)
                .timeout(Duration.ofSeconds(30))
                .open();
        synchronized (stores) {
            stores.add(store);
        }
        return store.group("g", CrashPolicy.REPROCESS, LEASE);
    }

    /** Fresh messages, one for each shard in turn. */
    private List<Kind> claimOnePerShard(ClaimStore claims) {
        nextId += SHARDS;
        return claims
                .apply(IntStream.range(nextId, nextId + SHARDS)
                        .mapToObj(i -> StoreCommand.of(Type.CLAIM, new RecordId(i, i, i), new Owner(1, i)))
                        .toList())
                .stream()
                .map(StoreAnswer::kind)
                .toList();
    }
}
