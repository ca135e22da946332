package io.oncemq.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.Providers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisIdempotencyTest {
    @Test
    void readsEverythingThatAUriCanSay() {
        RedisOptions options = RedisOptions.draft("rediss://billing:s3cret@store.example:7000/3")
                .checked();
        assertThat(options.host()).isEqualTo("store.example");
        assertThat(options.port()).isEqualTo(7000);
        assertThat(options.tls()).isTrue();
        assertThat(options.user()).isEqualTo("billing");
        assertThat(options.password()).isEqualTo("s3cret");
        assertThat(options.database()).isEqualTo(3);
    }

    @Test
    void hasSafeDefaults() {
        RedisOptions options = RedisOptions.draft("redis://localhost").checked();
        assertThat(options.port()).isEqualTo(6379);
        assertThat(options.tls()).isFalse();
        assertThat(options.user()).isNull();
        assertThat(options.password()).isNull();
        assertThat(options.rememberFor()).isEqualTo(Duration.ofDays(7));
        assertThat(options.shards()).isEqualTo(4);
    }

    @Test
    void takesAPasswordWithoutUser() {
        assertThat(RedisOptions.draft("redis://:pass@h").checked().user()).isNull();
        assertThat(RedisOptions.draft("redis://:pass@h").checked().password()).isEqualTo("pass");
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
            strings = {"redis://u:s3cret@", "http://u:s3cret@h", "redis://u:s3cret@h/notANumber", "redis://u:s3cret@h h"
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
        refuses("database", () -> redis.database(-1));
        refuses("keyPrefix", () -> redis.keyPrefix(" "));
        refuses("port", () -> RedisIdempotency.at("redis://h:99999"));
    }

    @Test
    void isFoundByItsSchemes() {
        IdempotencyStoreFactory plain = Providers.store("redis://h");
        IdempotencyStoreFactory tls = Providers.store("rediss://h");
        assertThat(plain).hasToString(RedisIdempotency.at("redis://h").toString());
        assertThat(tls.toString()).contains("rediss://h");
    }

    private static void refuses(String property, Runnable change) {
        assertThatThrownBy(change::run)
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        refusal -> assertThat(refusal.property()).isEqualTo(property));
    }
}
