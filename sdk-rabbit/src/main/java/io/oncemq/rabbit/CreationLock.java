package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.oncemq.ConnectionException;
import io.oncemq.spi.support.Waits;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one client at a time create a destination: two that ask for different numbers of shards would delete each other's markers. The lock is an
 * exclusive queue on a connection of its own, so the server removes it with a client that dies. Belongs to one thread; every method blocks.
 */
final class CreationLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CreationLock.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Connections connections;
    private final Connection connection;
    private final String destination;

    private CreationLock(Connections connections, Connection connection, String destination) {
        this.connections = connections;
        this.connection = connection;
        this.destination = destination;
    }

    /**
     * Waits until no other client has it. A user without the right to its name goes without it.
     *
     * @throws ConnectionException if another client keeps it for too long, or the server cannot be reached
     */
    static CreationLock take(Connections connections, String destination) {
        Connection connection = connections.open("creating");
        CreationLock lock = new CreationLock(connections, connection, destination);
        try {
            lock.await(RabbitNames.creationLock(destination));
            return lock;
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private void await(String queue) {
        long began = System.nanoTime();
        for (int refused = 0; !taken(queue); refused++) {
            if (System.nanoTime() - began > PATIENCE.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                throw new ConnectionException(
                        "creating " + destination + ": another client is creating it, and has the queue " + queue
                                + ". Try again; if it stays, look for its connection with rabbitmqctl list_queues name owner_pid");
            }
            LockSupport.parkNanos(
                    Waits.doubling(FIRST_WAIT, LONGEST_WAIT, refused).toNanos());
        }
    }

    private boolean taken(String queue) {
        try {
            Channels.on(connection).queueDeclare(queue, false, true, false, Map.of());
            return true;
        } catch (IOException | ShutdownSignalException e) {
            switch (RabbitErrors.replyCode(e)) {
                case AMQP.RESOURCE_LOCKED -> {
                    return false;
                }
                case AMQP.ACCESS_REFUSED -> {
                    LOG.warn(
                            "a destination is created without a lock; create it from one client only: destination={} queue={}",
                            destination,
                            queue);
                    return true;
                }
                default -> throw RabbitErrors.translate("creating " + destination, e);
            }
        }
    }

    /** @throws ConnectionException if the lock may be another client's by now */
    void require() {
        if (!connection.isOpen()) {
            throw new ConnectionException("creating " + destination
                    + ": the connection broke that kept other clients from it. Ensure it again");
        }
    }

    @Override
    public void close() {
        connections.close(connection, Duration.ofSeconds(1));
    }
}
