package io.oncemq.it.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.CrashPolicy;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.testkit.server.FreePorts;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is refused when a store is opened, and how the refusal names it. */
class RedisRefusalsIT {
    @Test
    void refusesAServerThatWouldSpendTooMuchMemory() {
        refuses("hash-max-listpack-entries", "hash-max-ziplist-entries", "32");
        refuses("hash-max-listpack-value", "hash-max-ziplist-value", "16");
    }

    @Test
    void refusesWrongCredentialsAndPrintsNone() {
        try (RedisServer redis = RedisServer.builder().password("right").build()) {
            redis.start();
            at(redis.uri()).open().close();
            RedisIdempotency wrong = at("redis://127.0.0.1:" + redis.port()).password("secret-but-wrong");
            assertThatThrownBy(wrong::open)
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageNotContaining("secret-but-wrong");
            assertThat(wrong.toString()).doesNotContain("secret-but-wrong");
            assertThatThrownBy(() -> at("redis://127.0.0.1:" + redis.port()).open())
                    .isInstanceOf(AuthenticationException.class);
        }
    }

    @Test
    void saysThatNobodyAnswers() {
        int port = FreePorts.reserve();
        String uri = "redis://127.0.0.1:" + port;
        try {
            assertThatThrownBy(() -> RedisIdempotency.at(uri)
                            .timeout(Duration.ofSeconds(1))
                            .open())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining(uri);
        } finally {
            FreePorts.release(port);
        }
    }

    @Test
    void keepsGroupsAndPrefixesApart() {
        try (RedisServer redis = RedisServer.started();
                IdempotencyStore one = at(redis.uri()).shards(2).open();
                IdempotencyStore two =
                        at(redis.uri()).shards(3).keyPrefix("other").open()) {
            one.group("g", CrashPolicy.REPROCESS, Duration.ofSeconds(1));
            two.group("g", CrashPolicy.REPROCESS, Duration.ofSeconds(1));
            assertThatThrownBy(() -> two.group("g", CrashPolicy.REPROCESS, Duration.ZERO))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("lease");
        }
    }

    /** A server that takes its time must not be taken for one that does not answer. */
    private static RedisIdempotency at(String uri) {
        return RedisIdempotency.at(uri).timeout(Duration.ofSeconds(30));
    }

    private static void refuses(String property, String... settings) {
        try (RedisServer redis = server(settings)) {
            assertThatThrownBy(() -> at(redis.uri()).open())
                    .isInstanceOfSatisfying(
                            ConfigurationException.class,
                            refusal -> assertThat(refusal.property()).isEqualTo(property));
        }
    }

    private static RedisServer server(String... settings) {
        RedisServer.Builder builder = RedisServer.builder();
        for (int i = 0; i < settings.length; i += 2) {
            builder.argument(settings[i], settings[i + 1]);
        }
        RedisServer redis = builder.build();
        redis.start();
        return redis;
    }
}
