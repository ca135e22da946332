package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oncemq.AuthenticationException;
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
import io.oncemq.testkit.server.RedisSentinel;
import io.oncemq.testkit.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A master that is replaced, dead or alive. */
@ExtendWith(LeakCheck.class)
class RedisSentinelIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Owner ME = new Owner(1, 1);
    private static final Owner OTHER = new Owner(2, 2);

    @Test
    void whatTheReplicasHadIsKeptWhenTheMasterDiesAndTheSameOwnersGoOn() {
        // Long enough that no replica is promoted before the dead master is called again.
        RedisSentinel.Builder secured = RedisSentinel.builder()
                .downAfter(Duration.ofSeconds(6))
                .password("data-pass")
                .sentinelPassword("watch-pass");
        try (RedisSentinel deployment = secured.build()) {
            deployment.start();
            assertThatThrownBy(() -> RedisIdempotency.at(deployment.uri()).open())
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageNotContaining("data-pass");
            try (IdempotencyStore store = RedisIdempotency.at(deployment.uri())
                    .sentinelPassword("watch-pass")
                    .timeout(Duration.ofSeconds(10))
                    .open()) {
                ClaimStore claims = store.group("sentinel", CrashPolicy.REPROCESS, Duration.ofMinutes(5));
                claims.apply(commands(Type.CLAIM, 0, 400, ME));
                claims.apply(commands(Type.COMPLETE, 0, 300, ME));
                deployment.awaitReplicas();
                int dying = deployment.master();
                deployment.server(dying).kill();
                assertThatThrownBy(() -> claims.apply(commands(Type.COMPLETE, 300, 301, ME)))
                        .isInstanceOf(StoreUnavailableException.class);
                List<Kind> again = answered(claims, commands(Type.COMPLETE, 300, 350, ME));
                assertThat(again).containsOnly(Kind.OK);
                assertThat(deployment.master()).isNotEqualTo(dying);
                assertThat(answered(claims, commands(Type.CLAIM, 0, 350, OTHER)))
                        .containsOnly(Kind.DONE);
                assertThat(answered(claims, commands(Type.CLAIM, 350, 400, OTHER)))
                        .containsOnly(Kind.BUSY);
            }
        }
    }

    @Test
    void aMasterThatIsDeposedAliveIsLeftForTheNewOne() {
        try (RedisSentinel deployment =
                RedisSentinel.builder().downAfter(Duration.ofSeconds(20)).build()) {
            deployment.start();
            try (IdempotencyStore store = RedisIdempotency.at(deployment.uri())
                    .timeout(Duration.ofSeconds(10))
                    .open()) {
                ClaimStore claims = store.group("sentinel", CrashPolicy.REPROCESS, Duration.ofMinutes(5));
                claims.apply(commands(Type.CLAIM, 0, 100, ME));
                deployment.awaitReplicas();
                int next = depose(deployment, deployment.master());
                assertThat(answered(claims, commands(Type.COMPLETE, 0, 100, ME)))
                        .containsOnly(Kind.OK);
                assertThat(calls(deployment, next)).isPositive();
            }
        }
    }

    @Test
    void aGroupThatDiedAsAWholeComesBackWithItsLastMasterAndItsData() {
        try (RedisSentinel deployment = RedisSentinel.builder()
                .downAfter(Duration.ofSeconds(20))
                .announce("localhost")
                .build()) {
            deployment.start();
            try (IdempotencyStore store = RedisIdempotency.at(deployment.uri())
                    .timeout(Duration.ofSeconds(10))
                    .open()) {
                ClaimStore claims = store.group("sentinel", CrashPolicy.REPROCESS, Duration.ofMinutes(5));
                int master = depose(deployment, deployment.master());
                assertThat(answered(claims, commands(Type.CLAIM, 0, 100, ME))).containsOnly(Kind.ACQUIRED);
                assertThat(answered(claims, commands(Type.COMPLETE, 0, 100, ME)))
                        .containsOnly(Kind.OK);
                deployment.awaitReplicas();
                deployment.kill();
                deployment.start();
                assertThat(deployment.master()).isEqualTo(master);
                assertThat(answered(claims, commands(Type.CLAIM, 0, 100, OTHER)))
                        .containsOnly(Kind.DONE);
                assertThat(claims.dataLosses()).isZero();
                deployment.restartEmpty();
                assertThat(deployment.master()).isEqualTo(master);
                answered(claims, commands(Type.CLAIM, 0, 100, OTHER));
                assertThat(claims.dataLosses()).isPositive();
            }
        }
    }

    /** Sentinels that give up a failover that they were told to make do not try again by themselves. */
    private static int depose(RedisSentinel deployment, int former) {
        return await().atMost(Duration.ofMinutes(10))
                .ignoreExceptionsInstanceOf(ServerException.class)
                .until(deployment::failover, next -> next >= 0 && next != former);
    }

    private static long calls(RedisSentinel deployment, int server) {
        return RedisConsole.send(deployment.server(server).port(), "INFO commandstats").stream()
                .filter(line -> line.startsWith("cmdstat_evalsha:"))
                .count();
    }

    /** As the engine does: the same commands of the same owner until they are answered. */
    private static List<Kind> answered(ClaimStore claims, List<StoreCommand> commands) {
        List<StoreCommand> repeated =
                commands.stream().map(StoreCommand::repeat).toList();
        return await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                .until(
                        () -> claims.apply(repeated).stream()
                                .map(StoreAnswer::kind)
                                .toList(),
                        kinds -> !kinds.contains(Kind.UNKNOWN));
    }

    private static List<StoreCommand> commands(Type type, int from, int to, Owner owner) {
        return LongStream.range(from, to)
                .mapToObj(i -> new RecordId(i * 0x9E3779B97F4A7C15L, i, (int) (i * 0x9E3779B9L)))
                .map(id -> StoreCommand.of(type, id, owner))
                .toList();
    }
}
