package io.oncemq.it.redis;

import io.oncemq.redis.RedisIdempotency;
import io.oncemq.testkit.kit.store.StoreAbility;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RedisVersion;
import io.oncemq.testkit.server.Server;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A server that writes every command to its disk before it answers. */
final class RedisFixture extends RedisDeployment {
    private final RedisServer redis;

    RedisFixture() {
        this(RedisServer.builder());
    }

    RedisFixture(RedisVersion version) {
        this(RedisServer.builder().binary(version.program()));
    }

    private RedisFixture(RedisServer.Builder server) {
        redis = server.appendFsync(RedisServer.Fsync.ALWAYS).build();
        redis.start();
    }

    @Override
    public Set<StoreAbility> abilities() {
        return EnumSet.allOf(StoreAbility.class);
    }

    @Override
    RedisIdempotency at(int port) {
        return RedisIdempotency.at("redis://127.0.0.1:" + (port == DIRECT ? redis.port() : port));
    }

    @Override
    List<RedisServer> masters() {
        return List.of(redis);
    }

    @Override
    public Server server() {
        return redis;
    }

    @Override
    public int port() {
        return redis.port();
    }

    @Override
    public void loseData() {
        redis.restartEmpty();
    }
}
