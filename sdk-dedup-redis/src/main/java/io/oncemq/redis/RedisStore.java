package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.CrashPolicy;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.StoreUnavailableException;
import java.time.Duration;
import java.util.function.Function;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;

/** One server. Thread-safe. */
final class RedisStore implements IdempotencyStore {
    private final RedisOptions options;
    private final Connections connections;
    private final int fill;

    private RedisStore(RedisOptions options, Connections connections, int fill) {
        this.options = options;
        this.connections = connections;
        this.fill = fill;
    }

    static RedisStore open(RedisOptions options) {
        Connections connections = new Connections(options);
        try {
            return new RedisStore(options, connections, ask(connections, options, ServerLimits::check));
        } catch (RuntimeException e) {
            connections.close();
            throw e;
        }
    }

    @Override
    public ClaimStore group(String group, CrashPolicy crashPolicy, Duration lease) {
        if (lease.toMillis() < 1) {
            throw new ConfigurationException("lease", lease, "is shorter than 1 ms", "Give some seconds");
        }
        requireLayout(group);
        GroupSettings settings =
                new GroupSettings(lease, options.rememberFor(), fill, crashPolicy == CrashPolicy.QUARANTINE);
        return new RedisClaims(connections, settings, options.keyPrefix(), group, options.shards());
    }

    /** Whoever divides a group's records otherwise would look for them in other places. */
    private void requireLayout(String group) {
        byte[] key = ("{" + options.keyPrefix() + ":" + group + "}").getBytes(UTF_8);
        String mine = Integer.toString(options.shards());
        String stored = ask(connections, options, connection -> {
            connection.executeCommand(
                    new CommandArguments(Command.HSETNX).add(key).add("shards").add(mine));
            connection.sendCommand(Command.HGET, key, "shards".getBytes(UTF_8));
            return connection.getBulkReply();
        });
        if (!mine.equals(stored)) {
            throw new ConfigurationException(
                    "shards",
                    mine,
                    "the group " + group + " was created with " + stored,
                    "Set shards to " + stored + ", or choose another group or key prefix");
        }
    }

    private static <T> T ask(Connections connections, RedisOptions options, Function<Connection, T> exchange) {
        try {
            return connections.use(exchange);
        } catch (StoreUnavailableException e) {
            throw new ConnectionException("Redis at " + options.address() + " cannot be reached", e);
        } catch (JedisAccessControlException e) {
            throw refused(options, e);
        } catch (JedisDataException e) {
            String message = String.valueOf(e.getMessage());
            if (message.startsWith("NOAUTH") || message.startsWith("WRONGPASS") || message.contains("AUTH")) {
                throw refused(options, e);
            }
            throw new ConnectionException("Redis at " + options.address() + " answered: " + message, e);
        }
    }

    private static AuthenticationException refused(RedisOptions options, JedisDataException e) {
        return new AuthenticationException(
                "Redis at " + options.address() + " refuses the credentials: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        connections.close();
    }

    @Override
    public String toString() {
        return options.toString();
    }
}
