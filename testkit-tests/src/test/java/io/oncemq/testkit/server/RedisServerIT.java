package io.oncemq.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

@Tag("containers")
@ExtendWith(LeakCheck.class)
class RedisServerIT {
    private static final int HASTY_MILLIS = 300;
    private static final int PATIENT_MILLIS = 60_000;

    private final RedisServer redis = RedisServer.builder()
            .appendFsync(RedisServer.Fsync.ALWAYS)
            .argument("maxmemory", "50mb")
            .build();

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void keepsDataThroughKillAndRestartOnTheSamePort() {
        redis.start();
        int port = redis.port();
        set("k", "v");
        redis.kill();
        assertThat(redis.isRunning()).isFalse();
        redis.start();
        assertThat(get("k")).isEqualTo("v");
        redis.restart();
        assertThat(get("k")).isEqualTo("v");
        assertThat(redis.port()).isEqualTo(port);
    }

    @Test
    void losesEverythingWhenRestartedEmpty() {
        redis.start();
        set("k", "v");
        redis.restartEmpty();
        assertThat(get("k")).isNull();
    }

    @Test
    void answersNothingWhilePausedAndGoesOnAfterwards() {
        redis.start();
        set("k", "v");
        redis.pause();
        assertThatThrownBy(() -> get("k", HASTY_MILLIS)).isInstanceOf(JedisConnectionException.class);
        assertThat(redis.isRunning()).isTrue();
        redis.resume();
        assertThat(get("k")).isEqualTo("v");
    }

    @Test
    void diesWhileItIsPaused() {
        redis.start();
        redis.pause();
        redis.kill();
        assertThat(redis.isRunning()).isFalse();
    }

    @Test
    void asksForThePasswordThatItsUriCarries() {
        try (RedisServer locked = RedisServer.builder().password("s3cret").build()) {
            locked.start();
            assertThat(locked.uri()).isEqualTo("redis://:s3cret@127.0.0.1:" + locked.port());
            try (Jedis jedis = new Jedis(URI.create(locked.uri()), PATIENT_MILLIS)) {
                assertThat(jedis.ping()).isEqualTo("PONG");
            }
        }
    }

    @Test
    void reportsTheServersOwnWordsWhenItDoesNotStart() {
        try (RedisServer broken =
                RedisServer.builder().argument("no-such-setting", "1").build()) {
            assertThatThrownBy(broken::start)
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("exited with status 1")
                    .hasMessageContaining("no-such-setting");
        }
    }

    @Test
    void leavesNoDataBehind() {
        try (RedisServer process = RedisServer.builder().asProcess().build()) {
            process.start();
            Path folder = Path.of(dataFolder(process));
            assertThat(folder).isDirectory();
            process.close();
            assertThat(Files.exists(folder.getParent())).isFalse();
        }
    }

    private static String dataFolder(RedisServer server) {
        try (Jedis jedis = new Jedis(URI.create(server.uri()), PATIENT_MILLIS)) {
            return jedis.configGet("dir").get("dir");
        }
    }

    private void set(String key, String value) {
        try (Jedis jedis = client(PATIENT_MILLIS)) {
            jedis.set(key, value);
        }
    }

    private String get(String key) {
        return get(key, PATIENT_MILLIS);
    }

    private String get(String key, int millis) {
        try (Jedis jedis = client(millis)) {
            return jedis.get(key);
        }
    }

    private Jedis client(int millis) {
        return new Jedis(
                new HostAndPort("127.0.0.1", redis.port()),
                DefaultJedisClientConfig.builder().timeoutMillis(millis).build());
    }
}
