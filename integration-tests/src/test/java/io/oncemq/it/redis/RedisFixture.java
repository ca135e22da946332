package io.oncemq.it.redis;

import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.testkit.kit.store.StoreAbility;
import io.oncemq.testkit.kit.store.StoreFixture;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.RedisVersion;
import io.oncemq.testkit.server.Server;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A server that writes every command to its disk before it answers. */
final class RedisFixture implements StoreFixture {
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
    public IdempotencyStore open(Client client) {
        int port = client.port() == DIRECT ? redis.port() : client.port();
        return RedisIdempotency.at("redis://127.0.0.1:" + port)
                .rememberFor(client.rememberFor())
                .shards(client.shards())
                .timeout(client.timeout())
                .open();
    }

    @Override
    public void pass(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
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

    @Override
    public long usedMemory() {
        return Long.parseLong(RedisConsole.info(redis.port(), "used_memory"));
    }

    @Override
    public void forgetScripts() {
        RedisConsole.send(redis.port(), "SCRIPT FLUSH");
    }

    @Override
    public void close() {
        redis.close();
    }
}
