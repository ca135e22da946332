package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

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
import io.oncemq.spi.StoreUnavailableException;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A user who lacks one right, for each right that docs/redis.md names, on each version at hand. */
class RedisRightsIT {
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int MESSAGES = 20;

    /** Needed only by sentinels and in clusters, or where there is no default: see {@link RedisSecurityIT}. */
    private static final List<String> NOT_HERE = List.of("+role", "+cluster|slots", "+config|get");

    @TempDir
    Path folder;

    static Stream<RedisVersion> versions() {
        return RedisServer.binaries().stream();
    }

    private static List<String> rights() {
        return Arrays.stream(LeastRights.documented().split(" "))
                .filter(right -> right.startsWith("+") && !NOT_HERE.contains(right))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void aRightThatIsMissingAtTheStartIsNamedWithItsRemedy(RedisVersion version) {
        try (RedisServer redis = server(version)) {
            for (String right : rights()) {
                take(redis, right);
                assertThat(catchThrowable(() -> least(redis).open().close()))
                        .as("without %s", right)
                        .isInstanceOfSatisfying(ConfigurationException.class, refusal -> {
                            assertThat(refusal.getMessage()).containsIgnoringCase(right.substring(1));
                            assertThat(refusal.remedy()).contains("ACL SETUSER least", right);
                        })
                        .hasMessageNotContaining("s3cret");
                give(redis, right);
                least(redis).open().close();
            }
        }
    }

    /** What was done stays done, and what was claimed is settled by its owner once the right is back; no loss of data is reported. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void aRightThatIsTakenAwayStopsClaimsByNameAndTheyGoOnOnceItIsBack(RedisVersion version) {
        try (RedisServer redis = server(version);
                IdempotencyStore store = least(redis).shards(1).open()) {
            ClaimStore claims = store.group("g", CrashPolicy.REPROCESS, LEASE);
            int from = 0;
            for (String right : rights()) {
                if (right.equals("+info") || right.equals("+ping")) {
                    continue;
                }
                List<RecordId> done = ids(from);
                List<RecordId> held = ids(from + MESSAGES);
                List<RecordId> fresh = ids(from + 2 * MESSAGES);
                from += 3 * MESSAGES;
                assertThat(kinds(claims, Type.CLAIM, done, 1, false)).containsOnly(Kind.ACQUIRED);
                assertThat(kinds(claims, Type.COMPLETE, done, 1, false)).containsOnly(Kind.OK);
                assertThat(kinds(claims, Type.CLAIM, held, 1, false)).containsOnly(Kind.ACQUIRED);

                take(redis, right);
                if (right.equals("+eval")) {
                    RedisConsole.send(redis.port(), "SCRIPT FLUSH");
                }
                assertThat(refusals(claims, fresh, held))
                        .as("without %s", right)
                        .isNotEmpty()
                        .allSatisfy(error -> assertThat(error)
                                .containsIgnoringCase(right.substring(1))
                                .contains("lacks a right", "ACL SETUSER least", right)
                                .doesNotContain("s3cret"));

                give(redis, right);
                settled(claims, right, done, held, fresh);
            }
            assertThat(claims.dataLosses()).isZero();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void keysThatAreTakenAwayStopClaimsByNameAndTheyGoOnOnceTheyAreBack(RedisVersion version) {
        try (RedisServer redis = server(version);
                IdempotencyStore store = least(redis).shards(1).open()) {
            ClaimStore claims = store.group("g", CrashPolicy.REPROCESS, LEASE);
            List<RecordId> done = ids(0);
            List<RecordId> held = ids(MESSAGES);
            List<RecordId> fresh = ids(2 * MESSAGES);
            kinds(claims, Type.CLAIM, done, 1, false);
            kinds(claims, Type.COMPLETE, done, 1, false);
            kinds(claims, Type.CLAIM, held, 1, false);
            console(redis, "ACL SETUSER least resetkeys ~other*");
            assertThat(refusals(claims, fresh, held))
                    .isNotEmpty()
                    .allSatisfy(error -> assertThat(error).contains("lacks a right", "ACL SETUSER least ~{oncemq:*"));
            console(redis, "ACL SETUSER least resetkeys ~{oncemq:*");
            settled(claims, "keys", done, held, fresh);
            assertThat(claims.dataLosses()).isZero();
        }
    }

    /** Each kind of command, so that every right is used. */
    private static List<String> refusals(ClaimStore claims, List<RecordId> fresh, List<RecordId> held) {
        return Stream.of(
                        catchThrowable(() -> kinds(claims, Type.CLAIM, fresh, 1, false)),
                        catchThrowable(() -> kinds(claims, Type.COMPLETE, held, 1, false)),
                        catchThrowable(() -> kinds(claims, Type.RELEASE, fresh, 1, false)))
                .filter(error -> {
                    assertThat(error)
                            .satisfiesAnyOf(
                                    none -> assertThat(none).isNull(),
                                    refusal -> assertThat(refusal).isInstanceOf(StoreUnavailableException.class));
                    return error != null;
                })
                .map(Throwable::getMessage)
                .toList();
    }

    /** As the engine repeats what it was not answered. */
    private static void settled(
            ClaimStore claims, String right, List<RecordId> done, List<RecordId> held, List<RecordId> fresh) {
        assertThat(kinds(claims, Type.COMPLETE, held, 1, true)).as(right).containsOnly(Kind.OK);
        assertThat(kinds(claims, Type.CLAIM, fresh, 1, true))
                .as(right)
                .containsAnyOf(Kind.ACQUIRED, Kind.MINE)
                .isSubsetOf(Kind.ACQUIRED, Kind.MINE);
        assertThat(kinds(claims, Type.CLAIM, done, 2, false)).as(right).containsOnly(Kind.DONE);
        assertThat(kinds(claims, Type.CLAIM, held, 2, false)).as(right).containsOnly(Kind.DONE);
        assertThat(kinds(claims, Type.CLAIM, fresh, 2, false)).as(right).containsOnly(Kind.BUSY);
        assertThat(kinds(claims, Type.COMPLETE, fresh, 1, false)).as(right).containsOnly(Kind.OK);
    }

    private static List<Kind> kinds(ClaimStore claims, Type type, List<RecordId> ids, long owner, boolean repeated) {
        List<StoreCommand> commands = ids.stream()
                .map(id -> StoreCommand.of(type, id, new Owner(owner, owner)))
                .map(command -> repeated ? command.repeat() : command)
                .toList();
        return claims.apply(commands).stream().map(StoreAnswer::kind).toList();
    }

    /** As scattered as digests are, so that some are the first of their bucket. */
    private static List<RecordId> ids(int from) {
        SplittableRandom random = new SplittableRandom(from);
        return IntStream.range(0, MESSAGES)
                .mapToObj(i -> new RecordId(random.nextLong(), random.nextLong(), i))
                .toList();
    }

    private static void take(RedisServer redis, String right) {
        console(redis, "ACL SETUSER least " + right.replace('+', '-'));
    }

    private static void give(RedisServer redis, String right) {
        console(redis, "ACL SETUSER least " + right);
    }

    private static void console(RedisServer redis, String line) {
        assertThat(RedisConsole.send(redis.port(), line)).as(line).containsExactly("+OK");
    }

    private RedisServer server(RedisVersion version) {
        Path acl = RedisSecuredFixture.acl(folder, "least", "s3cret", LeastRights.documented());
        RedisServer redis = RedisServer.builder()
                .binary(version.program())
                .argument("aclfile", acl.toString())
                .build();
        redis.start();
        return redis;
    }

    private static RedisIdempotency least(RedisServer redis) {
        return RedisIdempotency.at("redis://127.0.0.1:" + redis.port())
                .credentials("least", "s3cret")
                .timeout(Duration.ofSeconds(60));
    }
}
