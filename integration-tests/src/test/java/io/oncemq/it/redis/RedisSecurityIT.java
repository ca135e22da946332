package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.Tls;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.testkit.fault.TlsTerminator;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, who is not, and how it is told. */
class RedisSecurityIT {
    @TempDir
    Path folder;

    @Test
    void trustsTheServerThatItShouldAndNoOther() {
        TestCertificates files = TestCertificates.in(folder);
        SSLContext context = RedisSecuredFixture.server(files);
        try (RedisServer redis = RedisServer.started();
                TlsTerminator oneWay = TlsTerminator.before(redis.port(), context);
                TlsTerminator mutual = TlsTerminator.requiringCertificates(redis.port(), context)) {
            assertTrusts(files, "rediss://localhost:" + oneWay.port(), "rediss://localhost:" + mutual.port());
        }
    }

    /** @param mutual where a client has to show a certificate */
    static void assertTrusts(TestCertificates files, String oneWay, String mutual) {
        Tls trusting = Tls.trusting(files.authority());
        at(oneWay).tls(trusting).open().close();
        at(oneWay)
                .tls(Tls.trusting(files.trustStore(), files.password()))
                .open()
                .close();
        refused(at(oneWay));
        refused(at(oneWay).tls(Tls.trusting(files.otherAuthority())));
        String misnamed = oneWay.replace("localhost", "127.0.0.1");
        refused(at(misnamed).tls(trusting));
        at(misnamed).tls(trusting.withoutHostNameCheck()).open().close();
        refused(at(mutual).tls(trusting));
        refused(at(mutual).tls(trusting.identity(files.strangerStore(), files.password())));
        at(mutual)
                .tls(trusting.identity(files.clientStore(), files.password()))
                .open()
                .close();
        at(mutual)
                .tls(trusting.identity(files.clientCertificate(), files.clientKey()))
                .open()
                .close();
    }

    @Test
    void aRightThatIsMissingIsNamedWhenTheStoreIsOpened() {
        List<String> rights = List.of(LeastRights.documented().split(" "));
        for (String missing : List.of("+evalsha", "+eval", "+hset", "+pexpireat", "+info")) {
            assertThat(rights).contains(missing);
            String without =
                    rights.stream().filter(right -> !right.equals(missing)).collect(Collectors.joining(" "));
            String command = missing.substring(1).split("\\|", -1)[0];
            try (RedisServer redis = server("less", without)) {
                assertThatThrownBy(() -> as(redis, "less").open())
                        .as("without %s", missing)
                        .isInstanceOfSatisfying(ConfigurationException.class, refusal -> {
                            assertThat(refusal.property()).isEqualTo("user");
                            assertThat(refusal.value()).isEqualTo("less");
                            assertThat(refusal.getMessage()).containsIgnoringCase(command);
                            assertThat(refusal.remedy()).contains("ACL SETUSER less", missing);
                        })
                        .hasMessageNotContaining("s3cret");
            }
        }
    }

    @Test
    void keysThatAUserMayNotTouchAreNamedWhenTheStoreIsOpened() {
        String elsewhere = Arrays.stream(LeastRights.documented().split(" "))
                .map(right -> right.startsWith("~") ? "~other*" : right)
                .collect(Collectors.joining(" "));
        try (RedisServer redis = server("less", elsewhere)) {
            assertThatThrownBy(() -> as(redis, "less").open())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("{oncemq:");
        }
    }

    @Test
    void wrongCredentialsAreNotTakenForMissingRights() {
        try (RedisServer redis = server("less", LeastRights.documented())) {
            assertThatThrownBy(() -> as(redis, "nobody").open())
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageNotContaining("s3cret");
        }
    }

    private RedisServer server(String user, String rights) {
        RedisServer redis = RedisServer.builder()
                .argument(
                        "aclfile",
                        RedisSecuredFixture.acl(folder, user, "s3cret", rights).toString())
                .build();
        redis.start();
        return redis;
    }

    private static RedisIdempotency as(RedisServer redis, String user) {
        return at("redis://127.0.0.1:" + redis.port()).credentials(user, "s3cret");
    }

    private static RedisIdempotency at(String uri) {
        return RedisIdempotency.at(uri).timeout(Duration.ofSeconds(20));
    }

    private static void refused(RedisIdempotency redis) {
        assertThatThrownBy(redis::open).isInstanceOf(ConnectionException.class);
    }
}
