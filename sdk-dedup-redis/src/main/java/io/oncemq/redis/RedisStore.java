package io.oncemq.redis;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.CrashPolicy;
import io.oncemq.Finding;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** One server, one master, or the masters of a cluster. Thread-safe. */
final class RedisStore implements IdempotencyStore {
    private static final int MOST_MOVES = 5;

    private final RedisOptions options;
    private final Topology topology;
    private final int fill;

    private RedisStore(RedisOptions options, Topology topology, int fill) {
        this.options = options;
        this.topology = topology;
        this.fill = fill;
    }

    static RedisStore open(RedisOptions options) {
        Topology topology = topology(options, new Dialer(options));
        try {
            RedisStore store = new RedisStore(options, topology, answered(options, () -> fill(topology)));
            store.requireRights();
            return store;
        } catch (RuntimeException e) {
            topology.close();
            throw e;
        }
    }

    /** A server that turns out to be a node of a cluster leads to the others. */
    private static Topology topology(RedisOptions options, Dialer dialer) {
        return switch (options.deployment().kind()) {
            case SENTINEL -> new SentinelMaster(options, dialer);
            case CLUSTER -> new ClusterMap(options, dialer);
            case SERVER -> {
                Connections server = new Connections(
                        options.deployment().addresses().get(0), dialer, options.connections(), connection -> {});
                if (answered(options, () -> closingOnFailure(server, ServerLimits::clustered))) {
                    server.close();
                    yield new ClusterMap(options, dialer);
                }
                yield new OneServer(server);
            }
        };
    }

    private static <T> T closingOnFailure(Connections server, Function<Connection, T> exchange) {
        try {
            return server.use(exchange);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The smallest of all servers: a shard may move to any of them. */
    private static int fill(Topology topology) {
        topology.refresh();
        topology.serving(0);
        return topology.masters().stream()
                .mapToInt(server -> server.use(ServerLimits::check))
                .min()
                .orElseThrow();
    }

    @Override
    public ClaimStore group(String group, CrashPolicy crashPolicy, Duration lease) {
        return open(group, crashPolicy, lease, false);
    }

    @Override
    public ClaimStore instance(String group, CrashPolicy crashPolicy, Duration lease) {
        return open(group, crashPolicy, lease, true);
    }

    private ClaimStore open(String group, CrashPolicy crashPolicy, Duration lease, boolean instance) {
        if (lease.toMillis() < 1) {
            throw new ConfigurationException("lease", lease, "is shorter than 1 ms", "Give some seconds");
        }
        GroupLayout layout = new GroupLayout(this::at, options, group, instance);
        long end = layout.nextEnd();
        boolean known = layout.require(end);
        GroupSettings settings =
                new GroupSettings(lease, options.rememberFor(), fill, crashPolicy == CrashPolicy.QUARANTINE, instance);
        RedisClaims claims = new RedisClaims(topology, settings, options, group, known, layout, System::nanoTime);
        if (answered(options, claims::open)) {
            layout.opened(end);
        }
        return claims;
    }

    private void requireRights() {
        if (options.login().user() != null) {
            byte[] key = RedisKeys.rights(options.keyPrefix());
            at(key, connection -> {
                Rights.check(connection, key, options);
                return key;
            });
            ping();
        }
    }

    @Override
    public List<Finding> preflight() {
        return answered(options, () -> {
            topology.refresh();
            List<Finding> findings = new ArrayList<>();
            for (Connections server : topology.masters()) {
                String name = "Redis " + server.address();
                findings.addAll(
                        server.use(connection -> Durability.findings(name, connection, options.acceptedLoss())));
            }
            return findings;
        });
    }

    @Override
    public void ping() {
        answered(options, () -> {
            topology.refresh();
            topology.masters()
                    .forEach(server -> server.use(connection -> {
                        connection.sendCommand(Command.PING);
                        return connection.getStatusCodeReply();
                    }));
            return true;
        });
    }

    @Override
    public Duration rememberFor() {
        return options.rememberFor();
    }

    @Override
    public @Nullable String cluster(String group, String name, String identity, boolean accept) {
        return new GroupLayout(this::at, options, group, false).cluster(name, identity, accept);
    }

    /** Runs an exchange that may be repeated where the key lives, and follows the key if it has moved. */
    private <T> T at(byte[] key, Function<Connection, T> exchange) {
        int slot = JedisClusterCRC16.getSlot(key);
        return answered(options, () -> {
            for (int moves = 0; ; moves++) {
                topology.refresh();
                Connections server = topology.serving(slot);
                try {
                    return server.use(exchange);
                } catch (JedisMovedDataException moved) {
                    topology.moved(slot, moved.getTargetNode(), server);
                    if (moves >= MOST_MOVES) {
                        throw moved;
                    }
                } catch (StoreUnavailableException e) {
                    topology.doubt(server);
                    throw e;
                }
            }
        });
    }

    private static <T> T answered(RedisOptions options, Supplier<T> question) {
        try {
            return question.get();
        } catch (StoreUnavailableException e) {
            if (e.getCause() instanceof ConfigurationException misnamed) {
                throw misnamed;
            }
            if (e.getCause() instanceof JedisDataException answer) {
                throw refused(options, answer);
            }
            throw new ConnectionException("Redis at " + options.address() + " cannot be reached: " + e.getMessage(), e);
        } catch (JedisDataException e) {
            throw refused(options, e);
        }
    }

    private static RuntimeException refused(RedisOptions options, JedisDataException e) {
        String message = String.valueOf(e.getMessage());
        if (Rights.isMissing(message)) {
            return Rights.missing(options, message);
        }
        boolean credentials = e instanceof JedisAccessControlException
                || message.startsWith("NOAUTH")
                || message.startsWith("WRONGPASS")
                || message.contains("AUTH");
        return credentials
                ? new AuthenticationException(
                        "Redis at " + options.address() + " refuses the credentials: " + message, e)
                : new ConnectionException("Redis at " + options.address() + " answered: " + message, e);
    }

    @Override
    public void close() {
        topology.close();
    }

    @Override
    public String toString() {
        return options.toString();
    }
}
