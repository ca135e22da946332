package io.oncemq.redis;

import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.IdempotencyStoreProvider;
import java.net.URI;

/** {@code redis://[user:password@]host[:port][/database]}; the nested classes stand for the other schemes. */
public class RedisIdempotencyProvider implements IdempotencyStoreProvider {
    @Override
    public String scheme() {
        return "redis";
    }

    @Override
    public final IdempotencyStoreFactory fromUri(URI uri) {
        return RedisIdempotency.at(uri.toString());
    }

    /** One server over TLS. */
    public static final class Tls extends RedisIdempotencyProvider {
        @Override
        public String scheme() {
            return "rediss";
        }
    }

    /** {@code redis-sentinel://[user:password@]host[:port],…/master[/database]}. */
    public static final class Sentinel extends RedisIdempotencyProvider {
        @Override
        public String scheme() {
            return "redis-sentinel";
        }
    }

    /** The same over TLS. */
    public static final class SentinelTls extends RedisIdempotencyProvider {
        @Override
        public String scheme() {
            return "rediss-sentinel";
        }
    }

    /** {@code redis-cluster://[user:password@]host[:port],…}. */
    public static final class Cluster extends RedisIdempotencyProvider {
        @Override
        public String scheme() {
            return "redis-cluster";
        }
    }

    /** The same over TLS. */
    public static final class ClusterTls extends RedisIdempotencyProvider {
        @Override
        public String scheme() {
            return "rediss-cluster";
        }
    }
}
