package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.IdempotencyStoreFactory;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Sentinel;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;

/** Boot's details of a Redis, as a URI of ours. */
final class RedisDetails {
    private static final String SOURCE = "DataRedisConnectionDetails";

    private RedisDetails() {}

    static IdempotencyStoreFactory store(
            DataRedisConnectionDetails details, String prefix, RedisProperties properties, TlsSettings tls) {
        IdempotencyStoreFactory store = RedisOptions.ofUri(SOURCE, uri(details), prefix, properties, tls);
        String password = details.getPassword();
        if (password == null || !(store instanceof RedisIdempotency redis)) {
            return store;
        }
        String user = details.getUsername();
        return user == null ? redis.password(password) : redis.credentials(user, password);
    }

    private static String uri(DataRedisConnectionDetails details) {
        Standalone one = details.getStandalone();
        if (one != null) {
            return "redis://" + one.getHost() + ":" + one.getPort() + "/" + one.getDatabase();
        }
        Sentinel sentinel = details.getSentinel();
        if (sentinel != null) {
            return "redis-sentinel://" + nodes(sentinel.getNodes()) + "/" + sentinel.getMaster() + "/"
                    + sentinel.getDatabase();
        }
        DataRedisConnectionDetails.Cluster cluster = details.getCluster();
        if (cluster != null) {
            return "redis-cluster://" + nodes(cluster.getNodes());
        }
        throw new ConfigurationException(
                SOURCE, "(none)", "names neither a server, nor sentinels, nor a cluster", "Set oncemq.idempotency");
    }

    private static String nodes(List<Node> nodes) {
        return nodes.stream().map(node -> node.host() + ":" + node.port()).collect(Collectors.joining(","));
    }
}
