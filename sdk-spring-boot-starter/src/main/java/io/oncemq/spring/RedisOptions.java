package io.oncemq.spring;

import static io.oncemq.spring.SettingName.named;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.Providers;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The store on Redis as properties say it. Loaded only where sdk-dedup-redis is. */
final class RedisOptions {
    private RedisOptions() {}

    static IdempotencyStoreFactory ofUri(
            String property, String uri, String prefix, RedisProperties properties, TlsSettings encryption) {
        IdempotencyStoreFactory factory = named(property, () -> Providers.store(uri));
        return factory instanceof RedisIdempotency redis ? applied(redis, prefix, properties, encryption) : factory;
    }

    private static RedisIdempotency applied(
            RedisIdempotency base, String prefix, RedisProperties properties, TlsSettings encryption) {
        RedisIdempotency redis = base;
        Tls tls = encryption.of(prefix, properties.getTls());
        if (tls != null) {
            redis = redis.tls(tls);
        }
        redis = login(redis, prefix, properties);
        redis = set(redis, prefix + "database", properties.getDatabase(), RedisIdempotency::database);
        redis = set(redis, prefix + "timeout", properties.getTimeout(), RedisIdempotency::timeout);
        redis = set(redis, prefix + "connections", properties.getConnections(), RedisIdempotency::connections);
        redis = set(redis, prefix + "remember-for", properties.getRememberFor(), RedisIdempotency::rememberFor);
        redis = set(redis, prefix + "shards", properties.getShards(), RedisIdempotency::shards);
        redis = set(redis, prefix + "key-prefix", properties.getKeyPrefix(), RedisIdempotency::keyPrefix);
        return set(redis, prefix + "accept-loss-of", properties.getAcceptLossOf(), RedisIdempotency::acceptLossOf);
    }

    private static RedisIdempotency login(RedisIdempotency base, String prefix, RedisProperties properties) {
        RedisIdempotency redis = base;
        String password = properties.getPassword();
        if (password != null) {
            String user = properties.getUsername();
            redis = user == null ? redis.password(password) : redis.credentials(user, password);
        } else if (properties.getUsername() != null) {
            throw SettingName.incomplete(prefix, properties.getUsername());
        }
        String sentinelPassword = properties.getSentinelPassword();
        if (sentinelPassword != null) {
            String user = properties.getSentinelUsername();
            return user == null
                    ? redis.sentinelPassword(sentinelPassword)
                    : redis.sentinelCredentials(user, sentinelPassword);
        }
        if (properties.getSentinelUsername() != null) {
            throw new ConfigurationException(
                    prefix + "sentinel-password",
                    "(none)",
                    "is needed together with " + prefix + "sentinel-username",
                    "Set both, or neither");
        }
        return redis;
    }

    private static <V> RedisIdempotency set(
            RedisIdempotency redis,
            String property,
            @Nullable V value,
            BiFunction<RedisIdempotency, V, RedisIdempotency> setter) {
        return value == null ? redis : named(property, () -> setter.apply(redis, value));
    }
}
