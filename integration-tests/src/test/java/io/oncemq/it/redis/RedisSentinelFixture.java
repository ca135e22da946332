package io.oncemq.it.redis;

import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.testkit.kit.store.StoreAbility;
import io.oncemq.testkit.kit.store.StoreFixture;
import io.oncemq.testkit.server.RedisSentinel;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.Server;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** A master with 2 replicas behind 3 sentinels, which name the servers' own ports, so no proxy can stand in between. */
final class RedisSentinelFixture implements StoreFixture {
    private final RedisSentinel deployment = RedisSentinel.builder()
            .downAfter(Duration.ofSeconds(20))
            .appendFsync(RedisServer.Fsync.ALWAYS)
            .build();

    RedisSentinelFixture() {
        deployment.start();
    }

    @Override
    public Set<StoreAbility> abilities() {
        return EnumSet.complementOf(EnumSet.of(StoreAbility.NETWORK));
    }

    @Override
    public IdempotencyStore open(Client client) {
        return RedisIdempotency.at(deployment.uri())
                .rememberFor(client.rememberFor())
                .shards(client.shards())
                .timeout(client.timeout())
                .open();
    }

    @Override
    public void pass(Duration time) {
        Passing.of(time);
    }

    @Override
    public Server server() {
        return deployment;
    }

    @Override
    public void loseData() {
        master("FLUSHALL");
    }

    @Override
    public long usedMemory() {
        return Long.parseLong(
                RedisConsole.info(deployment.server(deployment.master()).port(), "used_memory"));
    }

    @Override
    public void forgetScripts() {
        master("SCRIPT FLUSH");
    }

    private void master(String line) {
        RedisConsole.send(deployment.server(deployment.master()).port(), line);
    }

    @Override
    public void close() {
        deployment.close();
    }
}
