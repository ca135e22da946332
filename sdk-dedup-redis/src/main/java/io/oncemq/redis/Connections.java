package io.oncemq.redis;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A bounded set of connections to one server, opened as needed. One that failed or timed out is discarded, for a late answer on
 * it would be taken for the answer to the next call. Thread-safe.
 */
final class Connections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long FIRST_REST_NANOS = Duration.ofMillis(100).toNanos();
    private static final int MOST_DOUBLINGS = 3;

    /** Whoever takes connections of several servers does so in this order; else two could wait for each other. */
    static final Comparator<Connections> IN_TURN = Comparator.comparing(connections -> connections.name);

    private final HostAndPort address;
    private final String name;
    private final Dialer dialer;
    private final Consumer<Connection> admission;
    private final Semaphore permits;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;
    private volatile int failures;
    private volatile long restUntil;

    /** @param admission sees every new connection before its first use, and may refuse it by an exception */
    Connections(HostAndPort address, Dialer dialer, int most, Consumer<Connection> admission) {
        this.address = address;
        this.name = address.toString();
        this.dialer = dialer;
        this.permits = new Semaphore(most, true);
        this.admission = admission;
    }

    HostAndPort address() {
        return address;
    }

    /**
     * Runs an exchange that may be repeated: once more on a new connection, if one that lay idle turns out to be closed. Replies
     * that are errors leave the connection usable.
     *
     * @throws StoreUnavailableException if there is no connection in time or it fails
     * @throws JedisDataException if the exchange let one through, or a new connection was refused
     */
    <T> T use(Function<Connection, T> exchange) {
        return use(false, exchange);
    }

    /** @param hasty as for {@link #borrow} */
    <T> T use(boolean hasty, Function<Connection, T> exchange) {
        Lent first = borrow(hasty);
        try {
            return run(first, exchange);
        } catch (JedisConnectionException e) {
            if (!first.lapsed()) {
                throw silent(e);
            }
        }
        try {
            return run(borrowNew(hasty), exchange);
        } catch (JedisConnectionException e) {
            throw silent(e);
        }
    }

    private <T> T run(Lent lent, Function<Connection, T> exchange) {
        boolean sound = false;
        try {
            T result = exchange.apply(lent.connection());
            sound = true;
            return result;
        } catch (JedisDataException | ConfigurationException answered) {
            sound = true;
            throw answered;
        } catch (JedisConnectionException e) {
            lent.failed(e);
            throw e;
        } finally {
            giveBack(lent, sound);
        }
    }

    /** Whether it failed a moment ago, so that a caller who has others to serve should not wait for it. */
    boolean resting() {
        return failures > 0 && restUntil - System.nanoTime() > 0;
    }

    boolean failing() {
        return failures > 0;
    }

    /**
     * A connection, which must be given back.
     *
     * @param hasty whether a server that failed before gets only a part of the time-out to show that it answers again
     */
    Lent borrow(boolean hasty) {
        acquire();
        Connection waiting = idle.pollFirst();
        return waiting == null ? opened(hasty) : new Lent(waiting, true);
    }

    /** As {@link #borrow}, but never one that lay idle. */
    Lent borrowNew(boolean hasty) {
        acquire();
        Connection waiting = idle.pollFirst();
        if (waiting != null) {
            Dialer.discard(waiting);
        }
        return opened(hasty);
    }

    private Lent opened(boolean hasty) {
        Connection connection = null;
        try {
            connection = admitted(hasty && failures > 0 ? dialer.dataInHaste(address) : dialer.data(address));
            return new Lent(connection, false);
        } catch (JedisConnectionException e) {
            failed(e);
            throw silent(e);
        } finally {
            if (connection == null) {
                permits.release();
            }
        }
    }

    private Connection admitted(Connection connection) {
        boolean admitted = false;
        try {
            admission.accept(connection);
            admitted = true;
            return connection;
        } finally {
            if (!admitted) {
                Dialer.discard(connection);
            }
        }
    }

    /** @param sound whether every reply that was asked for on the connection was read */
    void giveBack(Lent lent, boolean sound) {
        Connection connection = lent.connection();
        try {
            if (sound && !connection.isBroken()) {
                answered();
                idle.addFirst(connection);
                if (closed) {
                    discardIdle();
                }
            } else {
                Dialer.discard(connection);
                if (lent.lapsed()) {
                    // Those that lay idle beside it are most likely closed as well.
                    discardIdle();
                } else {
                    failed(null);
                }
            }
        } finally {
            permits.release();
        }
    }

    /** Closes a connection whose answers nobody reads, by no fault of the server's. */
    void abandon(Lent lent) {
        Dialer.discard(lent.connection());
        permits.release();
    }

    StoreUnavailableException silent(JedisConnectionException e) {
        return new StoreUnavailableException(address + " did not answer: " + why(e), e);
    }

    private static String why(JedisConnectionException e) {
        String text = String.valueOf(e.getMessage());
        if (text.startsWith("Unknown reply")) {
            return "what answers is not Redis, such as a proxy that speaks HTTP, or a port for TLS (" + text + ")";
        }
        return text.startsWith("Unexpected end of stream")
                ? "it closed the connection before an answer, as a proxy does that does not reach its server (" + text
                        + ")"
                : text;
    }

    private void answered() {
        if (failures > 0) {
            failures = 0;
            LOG.info("a Redis server answers again: address={}", address);
        }
    }

    /** When one connection has failed, those that wait are most likely dead as well. */
    private void failed(@Nullable JedisConnectionException reason) {
        int before = failures;
        restUntil = System.nanoTime() + (FIRST_REST_NANOS << Math.min(before, MOST_DOUBLINGS));
        failures = before + 1;
        if (before == 0 && !closed) {
            LOG.warn("a Redis server does not answer: address={} cause={}", address, reason == null ? "" : why(reason));
        }
        discardIdle();
    }

    private void acquire() {
        if (closed) {
            throw new StoreUnavailableException("the connections to " + address + " are closed", null);
        }
        try {
            if (!permits.tryAcquire(dialer.timeout().toNanos(), NANOSECONDS)) {
                throw new StoreUnavailableException("every connection to " + address + " is in use", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while waiting for a connection to " + address, e);
        }
    }

    private void discardIdle() {
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            Dialer.discard(connection);
        }
    }

    @Override
    public void close() {
        closed = true;
        discardIdle();
    }
}
