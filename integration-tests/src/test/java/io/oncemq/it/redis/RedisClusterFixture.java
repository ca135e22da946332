package io.oncemq.it.redis;

import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.testkit.kit.store.StoreAbility;
import io.oncemq.testkit.kit.store.StoreFixture;
import io.oncemq.testkit.server.RedisCluster;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.Server;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** 3 masters; the kit's 4 shards live on all of them. Nodes name their own ports, so no proxy can stand in between. */
final class RedisClusterFixture implements StoreFixture {
    private final RedisCluster cluster = RedisCluster.builder()
            .nodeTimeout(Duration.ofSeconds(20))
            .appendFsync(RedisServer.Fsync.ALWAYS)
            .build();

    RedisClusterFixture() {
        cluster.start();
    }

    @Override
    public Set<StoreAbility> abilities() {
        return EnumSet.complementOf(EnumSet.of(StoreAbility.NETWORK));
    }

    @Override
    public IdempotencyStore open(Client client) {
        return RedisIdempotency.at(cluster.uri())
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
        return cluster;
    }

    @Override
    public void loseData() {
        cluster.nodes().forEach(node -> RedisConsole.send(node.port(), "FLUSHALL"));
    }

    @Override
    public long usedMemory() {
        return cluster.nodes().stream()
                .mapToLong(node -> Long.parseLong(RedisConsole.info(node.port(), "used_memory")))
                .sum();
    }

    @Override
    public void forgetScripts() {
        cluster.nodes().forEach(node -> RedisConsole.send(node.port(), "SCRIPT FLUSH"));
    }

    @Override
    public void close() {
        cluster.close();
    }
}
