package io.oncemq.it.kit;

import io.oncemq.spi.IdempotencyStoreFactory;
import io.oncemq.spi.Providers;
import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.Server;

/**
 * A broker behind a proxy and a Redis, and what breaks them. All run when a fixture is made; its holder starts them once in this JVM,
 * and they end with it.
 */
abstract class ServerFixture implements TransportFixture {
    private final Server broker;
    private final TcpProxy proxy;
    private final RedisServer redis;

    ServerFixture(Server broker, TcpProxy proxy, RedisServer redis) {
        this.broker = broker;
        this.proxy = proxy;
        this.redis = redis;
    }

    /** A write that waits for a slow fsync is lost with the process, so a store that is killed must not let it wait. */
    static RedisServer startedStore() {
        RedisServer redis =
                RedisServer.builder().appendFsync(RedisServer.Fsync.ALWAYS).build();
        redis.start();
        return redis;
    }

    @Override
    public final IdempotencyStoreFactory store() {
        return Providers.store(redis.uri());
    }

    @Override
    public final String storeUri() {
        return redis.uri();
    }

    @Override
    public final TcpProxy network() {
        return proxy;
    }

    @Override
    public final void severConnections() {
        proxy.reset();
    }

    @Override
    public final void pauseBroker() {
        broker.pause();
    }

    @Override
    public final void resumeBroker() {
        broker.resume();
    }

    @Override
    public void killBroker() {
        broker.kill();
    }

    @Override
    public final void startBroker() {
        broker.start();
    }

    @Override
    public final void pauseStore() {
        redis.pause();
    }

    @Override
    public final void resumeStore() {
        redis.resume();
    }

    @Override
    public final void killStore() {
        redis.kill();
    }

    @Override
    public final void startStore() {
        redis.start();
    }

    @Override
    public final void loseStoreData() {
        redis.restartEmpty();
    }

    @Override
    public final void heal() {
        proxy.restore();
        heal(broker);
        heal(redis);
    }

    private static void heal(Server server) {
        if (server.isRunning()) {
            server.resume();
        } else {
            server.start();
        }
    }
}
