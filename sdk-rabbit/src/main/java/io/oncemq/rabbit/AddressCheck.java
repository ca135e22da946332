package io.oncemq.rabbit;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.oncemq.MessagingException;
import io.oncemq.spi.support.SameCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether all addresses of a client lead to one cluster, asked once at its start. A queue that is locked to one connection tells: a node of
 * another cluster does not know it. A user who may not make one is told apart by cluster names, where operators have set them. An address
 * that does not answer in time is left out.
 */
final class AddressCheck {
    private static final Logger LOG = LoggerFactory.getLogger(AddressCheck.class);
    private static final long LONGEST_NANOS = Duration.ofSeconds(4).toNanos();
    /** A node may learn of a new queue a little later than the one where it was made. */
    private static final long SPREAD_NANOS = Duration.ofSeconds(3).toNanos();

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private AddressCheck() {}

    /** Blocks for a few seconds at most. @throws io.oncemq.ConfigurationException if two addresses are of different clusters */
    static void check(Connections connections) {
        if (connections.settings().addresses().size() < 2) {
            return;
        }
        Map<String, Connection> open = open(connections);
        try {
            SameCluster.check("addresses", identities(open));
        } finally {
            open.values().forEach(each -> connections.close(each, Duration.ZERO));
        }
    }

    private static Map<String, Connection> open(Connections connections) {
        long until = System.nanoTime() + LONGEST_NANOS;
        Map<String, CompletableFuture<@Nullable Connection>> attempts = new LinkedHashMap<>();
        for (Address address : connections.settings().addresses()) {
            attempts.computeIfAbsent(address.toString(), name -> attempt(connections, address));
        }
        Map<String, Connection> open = new LinkedHashMap<>();
        attempts.forEach((name, attempt) -> {
            Connection answered = answer(attempt, until - System.nanoTime());
            if (answered != null) {
                open.put(name, answered);
            }
        });
        return open;
    }

    private static CompletableFuture<@Nullable Connection> attempt(Connections connections, Address address) {
        CompletableFuture<@Nullable Connection> attempt = new CompletableFuture<>();
        Runnable task = () -> {
            try {
                Connection opened = connections.open("address", List.of(address));
                if (!attempt.complete(opened)) {
                    connections.close(opened, Duration.ZERO);
                }
            } catch (MessagingException e) {
                LOG.debug("{} does not answer and is left out: {}", address, e.toString());
                attempt.complete(null);
            }
        };
        Connections.daemon(task, "address").start();
        return attempt;
    }

    private static @Nullable Connection answer(CompletableFuture<@Nullable Connection> attempt, long nanos) {
        try {
            return attempt.get(Math.max(0, nanos), NANOSECONDS);
        } catch (TimeoutException e) {
            return givenUp(attempt);
        } catch (ExecutionException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return givenUp(attempt);
        }
    }

    private static @Nullable Connection givenUp(CompletableFuture<@Nullable Connection> attempt) {
        try {
            return attempt.complete(null) ? null : attempt.join();
        } catch (CompletionException e) {
            return null;
        }
    }

    private static Map<String, String> identities(Map<String, Connection> open) {
        Map<String, String> identities = new LinkedHashMap<>();
        String first = "";
        String mark = null;
        for (Map.Entry<String, Connection> each : open.entrySet()) {
            Connection connection = each.getValue();
            String itself = ServerCheck.clusterAsTold(connection) + " (" + each.getKey() + ")";
            if (identities.isEmpty()) {
                first = itself;
                mark = mark(connection);
            }
            String identity = mark == null
                    ? ServerCheck.cluster(connection)
                    : identities.isEmpty() || knows(connection, mark) ? first : itself;
            identities.put(each.getKey(), identity);
        }
        return identities;
    }

    /** A queue that ends with the connection, or null if the user may not make one. */
    private static @Nullable String mark(Connection connection) {
        try (Channel channel = Channels.on(connection)) {
            return channel.queueDeclare().getQueue();
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            LOG.debug("clusters are told apart by their names: {}", e.toString());
            return null;
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
}
