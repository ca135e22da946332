package io.oncemq.bench;

import io.oncemq.spi.TransportFactory;
import redis.clients.jedis.Jedis;

/** A broker in a process of its own, for both sides of every comparison, with its raw client. */
interface Bed extends AutoCloseable {
    int SHARDS = 4;

    /** OnceMQ's way to it, with the client settings that the raw side has. */
    TransportFactory transport();

    /** Creates a destination that the group can read, and waits until it takes messages. */
    void create(String destination, String group) throws Exception;

    void delete(String destination, String group) throws Exception;

    /** Whether a second group still finds the messages that a first one has read. */
    boolean keepsMessages();

    /** The raw publisher as the table names it. */
    String rawPublisher();

    /**
     * Publishes a workload with the raw client, each message with its id; messages per second from the second send to the last
     * confirm. The first message connects.
     */
    double publishRaw(String destination, Workload workload, long run) throws Exception;

    /** The raw consumer as the table names it. */
    String rawConsumer();

    /**
     * Reads that many messages with the raw client; messages per second from the first one to the last one handled.
     *
     * @param ids is handed the ids of what has come at once
     */
    double consumeRaw(String destination, String group, int messages, IdStep ids) throws Exception;

    /** Whether there is a raw consumer that overlaps its own waiting. */
    default boolean overlaps() {
        return false;
    }

    /**
     * Reads as {@link #consumeRaw} with a loop that polls while others of its messages are claimed, handled and remembered.
     *
     * @param jedis remembers ids
     */
    default double consumeOverlapped(String destination, String group, int messages, Jedis jedis) throws Exception {
        throw new UnsupportedOperationException("no such loop was written for this broker");
    }

    @Override
    void close();
}
