package io.oncemq.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.redis.Deployment.Kind;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.Providers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

class RedisIdempotencyTest {
    @Test
    void readsEverythingThatAUriCanSay() {
        RedisOptions options = options("rediss://billing:s3cr%40%2F+t@store.example:7000/3");
        assertThat(options.deployment().kind()).isEqualTo(Kind.SERVER);
        assertThat(options.deployment().addresses()).containsExactly(new HostAndPort("store.example", 7000));
        assertThat(options.tls()).isNotNull();
        assertThat(options.login()).isEqualTo(new Login("billing", "s3cr@/+t"));
        assertThat(options.database()).isEqualTo(3);
    }

    @Test
    void hasSafeDefaults() {
        RedisOptions options = options("redis://localhost");
        assertThat(options.deployment().addresses()).containsExactly(new HostAndPort("localhost", 6379));
        assertThat(options.tls()).isNull();
        assertThat(options.login()).isEqualTo(Login.NONE);
        assertThat(options.rememberFor()).isEqualTo(Duration.ofDays(7));
        assertThat(options.shards()).isEqualTo(4);
    }

    @Test
    void takesAPasswordWithoutUser() {
        assertThat(options("redis://:pass@h").login()).isEqualTo(new Login(null, "pass"));
    }

    @Test
    void readsSentinelsAndTheNameOfTheirMaster() {
        RedisOptions options = options("redis-sentinel://u:p@one:1,two,three:3/mymaster/2");
        assertThat(options.deployment())
                .isEqualTo(new Deployment(
                        Kind.SENTINEL,
                        List.of(new HostAndPort("one", 1), new HostAndPort("two", 26379), new HostAndPort("three", 3)),
                        "mymaster"));
        assertThat(options.database()).isEqualTo(2);
        assertThat(options.login()).isEqualTo(new Login("u", "p"));
        assertThat(options.sentinelLogin()).isEqualTo(Login.NONE);
        assertThat(options.address()).isEqualTo("redis-sentinel://one:1,two:26379,three:3/mymaster/2");
    }

    @Test
    void readsTheNodesOfACluster() {
        RedisOptions options = options("rediss-cluster://:p@one:7000,two:7001");
        assertThat(options.deployment())
                .isEqualTo(new Deployment(
                        Kind.CLUSTER, List.of(new HostAndPort("one", 7000), new HostAndPort("two", 7001)), ""));
        assertThat(options.tls()).isNotNull();
        assertThat(options.address()).isEqualTo("rediss-cluster://one:7000,two:7001");
    }

    @Test
    void typedOptionsAndUrisSayTheSame() {
        assertThat(RedisIdempotency.sentinel("mymaster", "one:1", "two").toString())
                .isEqualTo(RedisIdempotency.at("redis-sentinel://one:1,two:26379/mymaster")
                        .toString());
        assertThat(RedisIdempotency.cluster("one:1", "two").toString())
                .isEqualTo(RedisIdempotency.at("redis-cluster://one:1,two:6379").toString());
    }

    @Test
    void refusesFilesOfTlsThatCannotBeRead() {
        Tls tls = Tls.trusting(Path.of("/no/such/file"), "s3cret");
        Tls mutual = Tls.systemTrust().identity(Path.of("/no/such/file"), "s3cret");
        refuses("tls.trust", () -> RedisIdempotency.at("redis://h").tls(tls).open());
        refuses(
                "tls.identity",
                () -> RedisIdempotency.at("redis://h").tls(mutual).open());
        assertThat(RedisIdempotency.at("redis://h").tls(mutual).toString())
                .contains("rediss://h")
                .doesNotContain("s3cret");
    }

    @Test
    void printsNoCredentials() {
        assertThat(RedisIdempotency.at("redis://user:s3cret@h").toString()).doesNotContain("s3cret");
        assertThat(RedisIdempotency.at("redis://h").credentials("u", "s3cret").toString())
                .doesNotContain("s3cret")
                .contains("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://u:s3cret@",
                "http://u:s3cret@h",
                "redis://u:s3cret@h/notANumber",
                "redis://u:s3cret@h h",
                "redis://u:s3cret@h:x",
                "redis://u:/s3cret@h h",
                "redis://u:s3cret@one,two",
                "redis:u:s3cret@h",
                "redis-sentinel://u:s3cret@h,/m",
                "redis-sentinel://u:s3cret@h/m/0/1",
                "redis-cluster://u:s3cret@h,,i"
            })
    void refusesABadUriWithoutPrintingItsPassword(String uri) {
        assertThatThrownBy(() -> RedisIdempotency.at(uri))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void refusesEachWrongValueByName() {
        RedisIdempotency redis = RedisIdempotency.at("redis://h");
        refuses("shards", () -> redis.shards(0));
        refuses("connections", () -> redis.connections(0));
        refuses("timeout", () -> redis.timeout(Duration.ZERO));
        refuses("rememberFor", () -> redis.rememberFor(Duration.ofMillis(10)));
        refuses("rememberFor", () -> redis.rememberFor(Duration.ofMillis(1L << 48)));
        refuses("rememberFor", () -> redis.rememberFor(Duration.ofSeconds(Long.MAX_VALUE)));
        refuses("database", () -> redis.database(-1));
        refuses("keyPrefix", () -> redis.keyPrefix(" "));
        refuses("master", () -> RedisIdempotency.at("redis-sentinel://h"));
        refuses("database", () -> RedisIdempotency.at("redis-cluster://h/1"));
        refuses("port", () -> RedisIdempotency.at("redis://h:99999"));
    }

    @Test
    void isFoundByItsSchemes() {
        IdempotencyStoreFactory plain = Providers.store("redis://h");
        IdempotencyStoreFactory tls = Providers.store("rediss://h");
        assertThat(plain).hasToString(RedisIdempotency.at("redis://h").toString());
        assertThat(tls.toString()).contains("rediss://h");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-sentinel://one,two/m",
                "rediss-sentinel://one,two/m",
                "redis-cluster://one,two",
                "rediss-cluster://one,two"
            })
    void findsTheSchemesOfSeveralServers(String uri) {
        assertThat(Providers.store(uri)).hasToString(RedisIdempotency.at(uri).toString());
    }

    private static RedisOptions options(String uri) {
        return RedisUri.draft(uri).checked();
    }

    private static void refuses(String property, Runnable change) {
        assertThatThrownBy(change::run)
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        refusal -> assertThat(refusal.property()).isEqualTo(property));
    }
}
