package io.oncemq.redis;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A bounded set of connections, opened as needed. One that failed or timed out is discarded, for a late answer on it would be
 * taken for the answer to the next call; nothing is repeated here. Thread-safe.
 */
final class Connections implements AutoCloseable {
    private final HostAndPort address;
    private final JedisClientConfig config;
    private final Duration timeout;
    private final Semaphore permits;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    Connections(RedisOptions options) {
        this.address = new HostAndPort(options.host(), options.port());
        this.timeout = options.timeout();
        this.permits = new Semaphore(options.connections(), true);
        int millis = (int) timeout.toMillis();
        this.config = DefaultJedisClientConfig.builder()
                .resp2()
                .connectionTimeoutMillis(millis)
                .socketTimeoutMillis(millis)
                .user(options.user())
                .password(options.password())
                .database(options.database())
                .ssl(options.tls())
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .build();
    }

    /**
     * Runs an exchange on one connection. Replies that are errors leave the connection usable.
     *
     * @throws StoreUnavailableException if there is no connection in time or it fails
     * @throws JedisDataException if the exchange let one through, or a new connection was refused
     */
    <T> T use(Function<Connection, T> exchange) {
        acquire();
        try {
            Connection connection = take();
            boolean sound = false;
            try {
                T result = exchange.apply(connection);
                sound = true;
                return result;
            } catch (JedisDataException answered) {
                sound = true;
                throw answered;
            } finally {
                giveBack(connection, sound);
            }
        } catch (JedisConnectionException e) {
            discardIdle();
            throw new StoreUnavailableException(address + " did not answer: " + e.getMessage(), e);
        } finally {
            permits.release();
        }
    }

    private Connection take() {
        Connection connection = idle.pollFirst();
        return connection != null ? connection : new Connection(address, config);
    }

    private void giveBack(Connection connection, boolean sound) {
        if (sound && !connection.isBroken()) {
            idle.addFirst(connection);
            if (closed) {
                discardIdle();
            }
        } else {
            discard(connection);
        }
    }

    private void acquire() {
        if (closed) {
            throw new StoreUnavailableException("the store is closed", null);
        }
        try {
            if (!permits.tryAcquire(timeout.toNanos(), NANOSECONDS)) {
                throw new StoreUnavailableException("every connection to " + address + " is in use", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting for a connection to " + address, e);
        }
    }

    /** When one has failed, those that wait are most likely dead as well. */
    private void discardIdle() {
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            discard(connection);
        }
    }

    private static void discard(Connection connection) {
        connection.setBroken();
        try {
            connection.disconnect();
        } catch (RuntimeException alreadyGone) {
            // nothing is left to close
        }
    }

    @Override
    public void close() {
        closed = true;
        discardIdle();
    }
}
