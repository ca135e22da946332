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
        return start(KafkaServer.builder(), RedisServer.builder());
    }

    /**
     * The same as child processes, whatever the property {@code oncemq.servers} says.
     *
     * @throws ServerException as {@link #kafkaAndRedis} does
     */
    public static Servers asProcesses() {
        return start(KafkaServer.builder().asProcess(), RedisServer.builder().asProcess());
    }

    private static Servers start(KafkaServer.Builder broker, RedisServer.Builder store) {
        RedisServer redis = store.build();
        try {
            redis.start();
            KafkaServer kafka = broker.build();
            try {
                kafka.start();
                return new Servers(kafka, redis);
            } catch (RuntimeException e) {
                kafka.close();
                throw e;
            }
        } catch (RuntimeException e) {
            redis.close();
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
