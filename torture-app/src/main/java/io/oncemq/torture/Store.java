package io.oncemq.torture;

import io.oncemq.testkit.server.RedisSentinel;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.Server;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency store of a run, behind proxies of its own for each member, so that one alone can be cut off: one Redis, or a master with
 * two replicas and the sentinels that watch it.
 */
final class Store implements AutoCloseable {
    /** So long a master may stand still by itself, and is not replaced: nobody would know that it was. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Server servers;
    private final @Nullable RedisSentinel watched;
    private final Runnable restartEmpty;
    private final Routes routes;
    private final IntFunction<String> uri;

    private Store(RedisServer redis) {
        servers = redis;
        watched = null;
        restartEmpty = redis::restartEmpty;
        routes = Routes.ofManyPorts(redis.port());
        uri = slot -> "redis://127.0.0.1:" + routes.port(slot);
    }

    private Store(RedisSentinel redis) {
        servers = redis;
        watched = redis;
        restartEmpty = redis::restartEmpty;
        routes = Routes.ofEachHost(IntStream.range(0, RedisSentinel.SIZE)
                .boxed()
                .flatMap(i -> Stream.of(redis.server(i).port(), redis.sentinelPort(i)))
                .toList());
        uri = slot -> redis.uri();
    }

    /** A write that waits for a slow fsync is lost with the process, so a store that is killed must not let it wait. */
    static Store ofOne() {
        return new Store(RedisServer.builder()
                .asProcess()
                .appendFsync(RedisServer.Fsync.ALWAYS)
                .build());
    }

    /** They name {@code localhost} to clients, which is the address of a member's proxies to the member. */
    static Store withReplicas() {
        return new Store(RedisSentinel.builder()
                .announce("localhost")
                .downAfter(PATIENCE)
                .appendFsync(RedisServer.Fsync.ALWAYS)
                .build());
    }

    void start() {
        servers.start();
    }

    /** As {@code kill -9}. */
    void kill() {
        servers.kill();
    }

    /** Comes back without anything that it was told. */
    void restartEmpty() {
        restartEmpty.run();
    }

    /** The servers that can fail over. */
    RedisSentinel watched() {
        if (watched == null) {
            throw new IllegalStateException("the store is one Redis");
        }
        return watched;
    }

    /** Where the member of a slot finds it. */
    String uri(int slot) {
        return uri.apply(slot);
    }

    Routes routes() {
        return routes;
    }

    /** Ends every fault. */
    void heal() {
        routes.restore();
        servers.start();
        servers.resume();
    }

    @Override
    public void close() {
        try (servers) {
            routes.close();
        }
    }
}
