package io.oncemq.torture;

import io.oncemq.testkit.fault.TcpProxy;
import io.oncemq.testkit.server.RedisServer;
import java.util.List;
import java.util.stream.Stream;

/** The idempotency store of a run, behind one proxy for each member, so that one alone can be cut off. */
final class Store implements AutoCloseable {
    /** A write that waits for a slow fsync is lost with the process, so a store that is killed must not let it wait. */
    private final RedisServer redis = RedisServer.builder()
            .asProcess()
            .appendFsync(RedisServer.Fsync.ALWAYS)
            .build();

    private final List<TcpProxy> proxies =
            Stream.generate(() -> TcpProxy.to(redis.port())).limit(Fleet.SLOTS).toList();

    void start() {
        redis.start();
    }

    /** As {@code kill -9}. */
    void kill() {
        redis.kill();
    }

    /** Comes back without anything that it was told. */
    void restartEmpty() {
        redis.restartEmpty();
    }

    /** Where the member of a slot finds it. */
    String uri(int slot) {
        return "redis://127.0.0.1:" + proxies.get(slot).port();
    }

    TcpProxy proxy(int slot) {
        return proxies.get(slot);
    }

    List<TcpProxy> proxies() {
        return proxies;
    }

    /** Ends every fault. */
    void heal() {
        proxies.forEach(TcpProxy::restore);
        redis.start();
        redis.resume();
    }

    @Override
    public void close() {
        try (redis) {
            proxies.forEach(TcpProxy::close);
        }
    }
}
