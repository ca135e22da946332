package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.ConfigurationException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/**
 * What a group keeps beside its shards, in a hash of its own: how its records are divided, that each of its shards was opened before, and
 * for which cluster it uses a name. Blocks. Thread-safe.
 *
 * <p>That of an instance of a broadcast group ends, and before the markers of its shards: a marker that is missing while the layout says
 * that it was there is a loss of data. Markers live for twice the time to remember after each call of their shard. So the layout is
 * extended only after all of them were called, to once that time after a moment before these calls.
 */
final class GroupLayout {
    private static final byte[] SHARDS = "shards".getBytes(UTF_8);
    private static final byte[] OPENED = "opened".getBytes(UTF_8);

    /** Runs an exchange that may be repeated on the server of the hash. */
    interface Server {
        <T> T at(byte[] key, Function<Connection, T> exchange);
    }

    private final Server server;
    private final RedisOptions options;
    private final String group;
    private final byte[] key;
    private final boolean ends;

    /** @param ends whether it is that of an instance */
    GroupLayout(Server server, RedisOptions options, String group, boolean ends) {
        this.server = server;
        this.options = options;
        this.group = group;
        this.key = RedisKeys.layout(options.keyPrefix(), group);
        this.ends = ends;
    }

    /** When it is to end if every shard is called from now on, by its server's clock; 0 for never. */
    long nextEnd() {
        return ends
                ? server.at(key, connection -> {
                    List<Object> time = Replies.list(connection.executeCommand(new CommandArguments(Command.TIME)));
                    long millis = Long.parseLong(Replies.text(time.get(0))) * 1000
                            + Long.parseLong(Replies.text(time.get(1))) / 1000;
                    return millis + options.rememberFor().toMillis();
                })
                : 0;
    }

    /**
     * Whoever divides a group's records otherwise would look for them in other places.
     *
     * @param end for a layout that is new
     * @return whether every shard was opened before, so that one without a marker has lost it
     * @throws ConfigurationException if the group was created with another number of shards
     */
    boolean require(long end) {
        String mine = Integer.toString(options.shards());
        String[] fields = server.at(key, connection -> {
            if (note(connection, SHARDS, mine)) {
                extend(connection, end);
            }
            return new String[] {field(connection, SHARDS), field(connection, OPENED)};
        });
        String stored = fields[0];
        if (!mine.equals(stored)) {
            throw new ConfigurationException(
                    "shards",
                    mine,
                    "the group " + group + " was created with " + stored,
                    "Set shards to " + stored + ", or choose another group or key prefix");
        }
        return fields[1] != null;
    }

    /** Notes that every shard has been called. @param end from {@link #nextEnd}, before these calls */
    void opened(long end) {
        server.at(key, connection -> {
            // In this order: what says that markers are there must never be without an end.
            extend(connection, end);
            note(connection, OPENED, "1");
            return key;
        });
    }

    /** As {@link io.oncemq.spi.IdempotencyStore#cluster}. */
    @Nullable
    String cluster(String name, String identity, boolean accept) {
        byte[] first = ("cluster of " + name).getBytes(UTF_8);
        byte[] accepted = ("cluster " + name.length() + " " + name + " " + identity).getBytes(UTF_8);
        String[] fields = server.at(key, connection -> {
            note(connection, first, identity);
            if (accept) {
                note(connection, accepted, "1");
            }
            return new String[] {field(connection, first), field(connection, accepted)};
        });
        return identity.equals(fields[0]) || fields[1] != null ? null : fields[0];
    }

    private void extend(Connection connection, long end) {
        if (ends) {
            connection.executeCommand(
                    new CommandArguments(Command.PEXPIREAT).add(key).add(Long.toString(end)));
        }
    }

    private String field(Connection connection, byte[] name) {
        connection.sendCommand(Command.HGET, key, name);
        return connection.getBulkReply();
    }

    /** @return whether it was not there */
    private boolean note(Connection connection, byte[] field, String value) {
        Object reply = connection.executeCommand(
                new CommandArguments(Command.HSETNX).add(key).add(field).add(value));
        return Long.valueOf(1).equals(reply);
    }
}
