package io.oncemq.it.redis;

import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.testkit.kit.store.StoreAbility;
import io.oncemq.testkit.kit.store.StoreFixture;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the fixtures of all deployments share: they differ in what runs, and in how a client finds it. */
abstract class RedisDeployment implements StoreFixture {
    /** @param port where one server is found, through a proxy perhaps; several are found by themselves */
    abstract RedisIdempotency at(int port);

    /** The servers that keep the data now. */
    abstract List<RedisServer> masters();

    /** Deployments name their servers' own ports, so no proxy can stand in between. */
    @Override
    public Set<StoreAbility> abilities() {
        return EnumSet.complementOf(EnumSet.of(StoreAbility.NETWORK));
    }

    @Override
    public final IdempotencyStore open(Client client) {
        return at(client.port())
                .rememberFor(client.rememberFor())
                .shards(client.shards())
                .timeout(client.timeout())
                .open();
    }

    @Override
    public final void pass(Duration time) {
        Passing.of(time);
    }

    @Override
    public void loseData() {
        send("FLUSHALL");
    }

    @Override
    public final long usedMemory() {
        return masters().stream()
                .mapToLong(server -> Long.parseLong(RedisConsole.info(server.port(), "used_memory")))
                .sum();
    }

    @Override
    public final void forgetScripts() {
        send("SCRIPT FLUSH");
    }

    private void send(String line) {
        masters().forEach(server -> RedisConsole.send(server.port(), line));
    }

    @Override
    public void close() {
        server().close();
    }
}
