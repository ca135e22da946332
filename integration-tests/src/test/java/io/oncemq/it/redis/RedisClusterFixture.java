package io.oncemq.it.redis;

import io.oncemq.redis.RedisIdempotency;
import io.oncemq.testkit.server.RedisCluster;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.Server;
import java.time.Duration;
import java.util.List;

/** 3 masters; the kit's 4 shards live on all of them. */
final class RedisClusterFixture extends RedisDeployment {
    private final RedisCluster cluster = RedisCluster.builder()
            .nodeTimeout(Duration.ofSeconds(20))
            .appendFsync(RedisServer.Fsync.ALWAYS)
            .build();

    RedisClusterFixture() {
        cluster.start();
    }

    @Override
    RedisIdempotency at(int port) {
        return RedisIdempotency.at(cluster.uri());
    }

    @Override
    List<RedisServer> masters() {
        return cluster.nodes();
    }

    @Override
    public Server server() {
        return cluster;
    }
}
