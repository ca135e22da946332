package io.oncemq.testkit.server;

/**
 * A broker with a store beside it, both started. Closing it closes both.
 *
 * <p>Each runs in a container or as a process, as {@link KafkaServer} and {@link RedisServer} say; {@link Server#backEnd} tells which,
 * and so does one line of the log.
 *
 * @param kafka the broker
 * @param redis the store
 */
public record Servers(KafkaServer kafka, RedisServer redis) implements AutoCloseable {

    /**
     * One Kafka node and one Redis server, started.
     *
     * @throws ServerException if one cannot be fetched or does not start; nothing is left running then
     */
    public static Servers kafkaAndRedis() {
        RedisServer redis = RedisServer.started();
        try {
            return new Servers(KafkaServer.started(), redis);
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    /** Starts a server, and leaves nothing of one that does not start. */
    static <S extends Server> S started(S server) {
        try {
            server.start();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            kafka.close();
        } finally {
            redis.close();
        }
    }
}
