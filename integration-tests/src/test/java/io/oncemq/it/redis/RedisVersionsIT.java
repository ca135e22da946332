package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import io.oncemq.testkit.server.FreePorts;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RedisVersion;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each version that this machine has, as the user with the least rights: the names of the tests say which those are. See
 * {@code .ci/redis-versions} for how to get more.
 */
class RedisVersionsIT {
    @TempDir
    Path folder;

    static Stream<RedisVersion> versions() {
        return RedisServer.binaries().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void remembersThroughAKillWhatWasDone(RedisVersion version) {
        List<RecordId> ids = ids(3_000);
        try (RedisServer redis = server(version);
                IdempotencyStore store = RedisIdempotency.at("redis://127.0.0.1:" + redis.port())
                        .credentials("least", "s3cret")
                        .timeout(Duration.ofSeconds(20))
                        .open()) {
            assertThat(RedisConsole.send(redis.port(), "INFO server"))
                    .anyMatch(line -> line.endsWith("_version:" + version.number()));
            ClaimStore claims = store.group("version", CrashPolicy.REPROCESS, Duration.ofMinutes(5));
            assertThat(kinds(claims, Type.CLAIM, ids, 1)).containsOnly(Kind.ACQUIRED);
            assertThat(kinds(claims, Type.COMPLETE, ids.subList(0, 2_000), 1)).containsOnly(Kind.OK);
            redis.kill();
            redis.start();
            assertThat(kinds(claims, Type.CLAIM, ids.subList(0, 2_000), 2)).containsOnly(Kind.DONE);
            assertThat(kinds(claims, Type.CLAIM, ids.subList(2_000, 3_000), 2)).containsOnly(Kind.BUSY);
            assertThat(kinds(claims, Type.RELEASE, ids.subList(2_000, 3_000), 1))
                    .containsOnly(Kind.OK);
        }
    }

    /** Only some are built with TLS; in front of the others, tests end it at a proxy. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void endsTlsItself(RedisVersion version) {
        try (RedisServer plain = server(version)) {
            assumeTrue(
                    RedisConsole.send(plain.port(), "CONFIG GET tls-port").contains("tls-port"),
                    () -> version + " is built without TLS");
        }
        TestCertificates files = TestCertificates.in(folder);
        int oneWay = FreePorts.reserve();
        int mutual = FreePorts.reserve();
        try (RedisServer lenient = encrypted(version, files, oneWay, "no");
                RedisServer strict = encrypted(version, files, mutual, "yes")) {
            assertThat(List.of(lenient, strict)).allMatch(RedisServer::isRunning);
            RedisSecurityIT.assertTrusts(files, "rediss://localhost:" + oneWay, "rediss://localhost:" + mutual);
        } finally {
            FreePorts.release(oneWay);
            FreePorts.release(mutual);
        }
    }

    private static RedisServer encrypted(RedisVersion version, TestCertificates files, int port, String clients) {
        RedisServer redis = RedisServer.builder()
                .binary(version.program())
                .argument("tls-port", Integer.toString(port))
                .argument("tls-cert-file", files.serverCertificate().toString())
                .argument("tls-key-file", files.serverKey().toString())
                .argument("tls-ca-cert-file", files.authority().toString())
                .argument("tls-auth-clients", clients)
                .build();
        redis.start();
        return redis;
    }

    private RedisServer server(RedisVersion version) {
        Path acl = RedisSecuredFixture.acl(folder, "least", "s3cret", LeastRights.documented());
        RedisServer redis = RedisServer.builder()
                .binary(version.program())
                .appendFsync(RedisServer.Fsync.ALWAYS)
                .argument("aclfile", acl.toString())
                .build();
        redis.start();
        return redis;
    }

    /** Connections that died with the server are found dead once. */
    private static List<Kind> kinds(ClaimStore claims, Type type, List<RecordId> ids, long owner) {
        List<StoreCommand> commands = ids.stream()
                .map(id -> StoreCommand.of(type, id, new Owner(owner, owner)))
                .toList();
        try {
            return kinds(claims.apply(commands));
        } catch (StoreUnavailableException died) {
            return kinds(claims.apply(commands));
        }
    }

    private static List<Kind> kinds(List<StoreAnswer> answers) {
        return answers.stream().map(StoreAnswer::kind).toList();
    }

    private static List<RecordId> ids(int count) {
        SplittableRandom random = new SplittableRandom(7);
        return IntStream.range(0, count)
                .mapToObj(i -> new RecordId(random.nextLong(), random.nextLong(), random.nextInt()))
                .toList();
    }
}
