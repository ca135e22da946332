package io.oncemq.redis;

import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.IdempotencyStoreProvider;
import java.net.URI;

/** {@code redis://[user:password@]host[:port][/database]}. */
public final class RedisIdempotencyProvider implements IdempotencyStoreProvider {
    @Override
    public String scheme() {
        return "redis";
    }

    @Override
    public IdempotencyStoreFactory fromUri(URI uri) {
        return RedisIdempotency.at(uri.toString());
    }

    /** The same over TLS. */
    public static final class Tls implements IdempotencyStoreProvider {
        @Override
        public String scheme() {
            return "rediss";
        }

        @Override
        public IdempotencyStoreFactory fromUri(URI uri) {
            return RedisIdempotency.at(uri.toString());
        }
    }
}
