package io.oncemq.bench;

import io.oncemq.testkit.server.RedisServer;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.FlushMode;

/** One Redis in a process of its own, for every side that remembers ids. */
final class Store implements AutoCloseable {
    private final RedisServer redis;

    private Store(RedisServer redis) {
        this.redis = redis;
    }

    /**
     * Redis rewrites its log only when {@link #empty} asks for it: a rewrite that starts by itself in the middle of a run would
     * charge one side for the other's data.
     */
    static Store start() {
        RedisServer redis = RedisServer.builder()
                .asProcess()
                .appendFsync(RedisServer.Fsync.EVERYSEC)
                .argument("auto-aof-rewrite-percentage", "0")
                .build();
        try {
            redis.start();
            return new Store(redis);
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    String uri() {
        return redis.uri();
    }

    Jedis connect() {
        return new Jedis("127.0.0.1", redis.port());
    }

    /** Forgets everything, also what the log holds of it. */
    void empty() {
        try (Jedis jedis = connect()) {
            jedis.flushAll(FlushMode.SYNC);
            jedis.bgrewriteaof();
            Waiting.until(
                    "the rewrite of the Redis log",
                    () -> info(jedis, "aof_rewrite_in_progress").equals("0"));
        }
    }

    long usedMemory() {
        try (Jedis jedis = connect()) {
            return Long.parseLong(info(jedis, "used_memory"));
        }
    }

    String version() {
        try (Jedis jedis = connect()) {
            return info(jedis, "redis_version");
        }
    }

    private static String info(Jedis jedis, String field) {
        return jedis.info()
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Redis says nothing of " + field));
    }

    @Override
    public void close() {
        redis.close();
    }
}
