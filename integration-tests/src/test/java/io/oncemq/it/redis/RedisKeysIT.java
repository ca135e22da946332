package io.oncemq.it.redis;

import static io.oncemq.spi.StoreAnswer.Kind.ACQUIRED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.CrashPolicy;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the store leaves on a server. */
class RedisKeysIT {
    private static final Owner OWNER = new Owner(1, 1);
    private static final int SHARDS = 4;

    @Test
    void leavesNothingButLayoutAndMarkersOfAnAbandonedGroup() {
        try (RedisServer redis = RedisServer.started();
                IdempotencyStore store = RedisIdempotency.at(redis.uri())
                        .rememberFor(Duration.ofSeconds(1))
                        .shards(SHARDS)
                        .timeout(Duration.ofSeconds(30))
                        .open()) {
            ClaimStore claims = store.group("abandoned", CrashPolicy.REPROCESS, Duration.ofSeconds(30));
            List<RecordId> ids = ids(3_000);
            claims.apply(commands(Type.CLAIM, ids));
            claims.apply(commands(Type.COMPLETE, ids.subList(0, 1_000)));
            claims.apply(commands(Type.DEAD_LETTERING, ids.subList(2_000, 2_500)).stream()
                    .map(marked -> marked.because("expired"))
                    .toList());
            claims.apply(commands(Type.RELEASE, ids.subList(1_000, 2_000)));
            claims.apply(commands(Type.CLAIM, ids.subList(1_500, 2_000)));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(RedisConsole.send(redis.port(), "DBSIZE"))
                            .containsExactly(":" + (1 + SHARDS)));
        }
    }

    @Test
    void findsEverythingAgainThoughAShardOutgrowsItsBuckets() {
        try (RedisServer redis = RedisServer.started();
                IdempotencyStore store = RedisIdempotency.at(redis.uri())
                        .shards(1)
                        .timeout(Duration.ofSeconds(30))
                        .open()) {
            ClaimStore claims = store.group("large", CrashPolicy.REPROCESS, Duration.ofSeconds(30));
            List<RecordId> ids = ids(100_000);
            for (int from = 0; from < ids.size(); from += 1_000) {
                List<RecordId> some = ids.subList(from, from + 1_000);
                assertThat(claims.apply(commands(Type.CLAIM, some)))
                        .extracting(StoreAnswer::kind)
                        .containsOnly(ACQUIRED);
                claims.apply(commands(Type.COMPLETE, some));
            }
            for (int from = 0; from < ids.size(); from += 1_000) {
                assertThat(claims.apply(commands(Type.CLAIM, ids.subList(from, from + 1_000))))
                        .extracting(StoreAnswer::kind)
                        .containsOnly(StoreAnswer.Kind.DONE);
            }
        }
    }

    private static List<RecordId> ids(int count) {
        SplittableRandom random = new SplittableRandom(7);
        return IntStream.range(0, count)
                .mapToObj(i -> new RecordId(random.nextLong(), random.nextLong(), random.nextInt()))
                .toList();
    }

    private static List<StoreCommand> commands(Type type, List<RecordId> ids) {
        return ids.stream().map(id -> StoreCommand.of(type, id, OWNER)).toList();
    }
}
