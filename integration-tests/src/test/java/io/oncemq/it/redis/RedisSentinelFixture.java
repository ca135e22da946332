package io.oncemq.it.redis;

import io.oncemq.redis.RedisIdempotency;
import io.oncemq.testkit.server.RedisSentinel;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.Server;
import java.time.Duration;
import java.util.List;

/** A master with 2 replicas behind 3 sentinels. */
final class RedisSentinelFixture extends RedisDeployment {
    private final RedisSentinel deployment = RedisSentinel.builder()
            .downAfter(Duration.ofSeconds(20))
            .appendFsync(RedisServer.Fsync.ALWAYS)
            .build();

    RedisSentinelFixture() {
        deployment.start();
    }

    @Override
    RedisIdempotency at(int port) {
        return RedisIdempotency.at(deployment.uri());
    }

    @Override
    List<RedisServer> masters() {
        return List.of(deployment.server(deployment.master()));
    }

    @Override
    public Server server() {
        return deployment;
    }
}
