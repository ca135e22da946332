package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.oncemq.ConnectionException;
import io.oncemq.spi.support.SameCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether all addresses of a client lead to one cluster, asked once at its start. A queue that is locked to one connection tells: a node of
 * another cluster does not know it. A user who may not make one is told apart by cluster names, where operators have set them. An address
 * that does not answer in time is left out. Its connections live until it is closed. Thread-safe.
 */
final class AddressCheck implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AddressCheck.class);
    /** For a connection, and then for the queue. */
    private static final Duration PATIENCE = Duration.ofSeconds(7);
    /** A node may learn of a new queue a little later than the one where it was made. */
    private static final long SPREAD_NANOS = Duration.ofSeconds(3).toNanos();

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final Connections connections;
    private final List<Connection> open = new ArrayList<>();
    /** What the cluster of the first connection calls itself, with the address. */
    private String first = "";

    /** The queue of the first connection; empty if the user may not make one. */
    private final CompletableFuture<String> mark = new CompletableFuture<>();

    private @Nullable Connection owner;
    private boolean closed;

    private AddressCheck(Connections connections) {
        this.connections = connections;
    }

    /** Blocks for a few seconds at most. @throws io.oncemq.ConfigurationException if two addresses are of different clusters */
    static void check(Connections connections) {
        Map<String, Address> addresses = new LinkedHashMap<>();
        connections.settings().addresses().forEach(each -> addresses.put(each.toString(), each));
        try (AddressCheck check = new AddressCheck(connections)) {
            SameCluster.check(
                    "addresses",
                    List.copyOf(addresses.keySet()),
                    PATIENCE,
                    name -> check.identity(name, List.of(Objects.requireNonNull(addresses.get(name)))));
        }
    }

    private String identity(String name, List<Address> address) {
        Connection connection = connections.open("address", address);
        keep(connection);
        String itself = ServerCheck.clusterAsTold(connection) + " (" + name + ")";
        if (isFirst(connection, itself)) {
            mark(connection);
        }
        String known = mark.join();
        if (known.isEmpty()) {
            return ServerCheck.cluster(connection);
        }
        if (knows(connection, known)) {
            return first();
        }
        requireOwner();
        return itself;
    }

    /** The queue ends with the connection that made it, and then its absence says nothing. */
    private synchronized void requireOwner() {
        if (owner == null || !owner.isOpen()) {
            throw new ConnectionException("comparing addresses: the first connection was lost meanwhile");
        }
    }

    private void keep(Connection connection) {
        boolean late;
        synchronized (this) {
            late = closed;
            open.add(connection);
        }
        if (late) {
            close();
        }
    }

    private synchronized String first() {
        return first;
    }

    private synchronized boolean isFirst(Connection connection, String itself) {
        if (owner != null) {
            return false;
        }
        owner = connection;
        first = itself;
        return true;
    }

    /** Makes the queue of the first connection, which ends with it. Blocks, and may outlive this check. The others wait for it. */
    private void mark(Connection connection) {
        String made = "";
        try (Channel channel = Channels.on(connection)) {
            made = channel.queueDeclare().getQueue();
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            LOG.debug("only the names of clusters are compared: cause={}", e.toString());
        } finally {
            mark.complete(made);
        }
    }

    private static boolean knows(Connection connection, String mark) {
        long until = System.nanoTime() + SPREAD_NANOS;
        while (isMissing(connection, mark)) {
            if (System.nanoTime() - until >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    /** Any other answer than that there is none, such as that it is locked, tells of its cluster or of nothing. */
    private static boolean isMissing(Connection connection, String mark) {
        try (Channel channel = Channels.on(connection)) {
            channel.queueDeclarePassive(mark);
            return false;
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            return RabbitErrors.replyCode(e) == AMQP.NOT_FOUND;
        }
    }

    /** Closes also a connection that was opened too late. */
    @Override
    public void close() {
        List<Connection> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(open);
            open.clear();
        }
        all.forEach(each -> connections.close(each, Duration.ZERO));
    }
}
