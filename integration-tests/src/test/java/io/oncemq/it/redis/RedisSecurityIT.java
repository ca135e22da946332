package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.testkit.fault.TlsTerminator;
import io.oncemq.testkit.server.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, who is not, and how it is told. */
class RedisSecurityIT {
    @TempDir
    Path folder;

    @Test
    void trustsTheServerThatItShouldAndNoOther() {
        Certificates certificates = new Certificates(folder);
        try (RedisServer redis = RedisServer.started();
                TlsTerminator right = TlsTerminator.before(redis.port(), certificates.server("server"));
                TlsTerminator misnamed = TlsTerminator.before(redis.port(), certificates.server("elsewhere"));
                TlsTerminator mutual =
                        TlsTerminator.requiringCertificates(redis.port(), certificates.server("server"))) {
            RedisIdempotency trusting =
                    at(right.port()).trustStore(certificates.trust("server"), Certificates.PASSWORD);
            trusting.open().close();
            refused(at(right.port()));
            refused(at(misnamed.port()).trustStore(certificates.trust("elsewhere"), Certificates.PASSWORD));
            RedisIdempotency anonymous =
                    at(mutual.port()).trustStore(certificates.trust("server"), Certificates.PASSWORD);
            refused(anonymous);
            anonymous
                    .keyStore(certificates.keys("client"), Certificates.PASSWORD)
                    .open()
                    .close();
            assertThat(trusting.toString()).doesNotContain(Certificates.PASSWORD);
        }
    }

    @Test
    void aRightThatIsMissingIsNamedWhenTheStoreIsOpened() {
        List<String> rights = List.of(LeastRights.documented().split(" "));
        for (String missing : List.of("+evalsha", "+script|load", "+hset", "+pexpireat", "+info")) {
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
        return RedisIdempotency.at("redis://127.0.0.1:" + redis.port()).credentials(user, "s3cret");
    }

    private static RedisIdempotency at(int tlsPort) {
        return RedisIdempotency.at("rediss://127.0.0.1:" + tlsPort).timeout(Duration.ofSeconds(20));
    }

    private static void refused(RedisIdempotency redis) {
        assertThatThrownBy(redis::open).isInstanceOf(ConnectionException.class);
    }
}
