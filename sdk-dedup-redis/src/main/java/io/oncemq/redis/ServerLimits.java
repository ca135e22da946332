package io.oncemq.redis;

import io.oncemq.ConfigurationException;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** What a server's settings allow; refuses by name those under which memory would run away. */
final class ServerLimits {
    /** How many records a bucket holds on average before buckets multiply: flat memory against the length of a search. */
    static final int FILL = 64;

    private static final int LONGEST_RECORD = 32;

    private ServerLimits() {}

    /** Whether the server is a node of a cluster. */
    static boolean clustered(Connection connection) {
        return "1".equals(Replies.info(connection).get("cluster_enabled"));
    }

    /** @return how many records a bucket may hold on average */
    static int check(Connection connection) {
        Map<String, String> info = Replies.info(connection);
        requireVersion(info.getOrDefault("redis_version", "0"));
        return fill(connection);
    }

    private static void requireVersion(String version) {
        String[] parts = version.split("\\.");
        int number = Integer.parseInt(parts[0]) * 100 + (parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
        if (number < 602) {
            throw new ConfigurationException(
                    "redis_version", version, "is too old", "Use Redis 6.2 or newer, or Valkey");
        }
    }

    private static int fill(Connection connection) {
        int entries = setting(connection, "hash-max-*-entries", 512);
        int value = setting(connection, "hash-max-*-value", 64);
        if (entries < 64) {
            throw new ConfigurationException(
                    "hash-max-listpack-entries",
                    entries,
                    "a message would take several times its memory",
                    "Set 128 or more");
        }
        if (value < LONGEST_RECORD) {
            throw new ConfigurationException(
                    "hash-max-listpack-value",
                    value,
                    "a message would take several times its memory",
                    "Set 32 or more");
        }
        return Math.min(FILL, entries / 4);
    }

    /** Some hosted servers answer no CONFIG; they run with the defaults. */
    private static int setting(Connection connection, String pattern, int otherwise) {
        try {
            Object reply = connection.executeCommand(
                    new CommandArguments(Command.CONFIG).add("GET").add(pattern));
            return reply instanceof List<?> pairs && pairs.size() >= 2
                    ? Integer.parseInt(Replies.text(pairs.get(1)))
                    : otherwise;
        } catch (JedisDataException denied) {
            return otherwise;
        }
    }
}
