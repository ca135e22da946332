package io.oncemq.redis;

import io.oncemq.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * What one server must be set to in order to keep what it was told (D7). CONFIG is asked first; where it is forbidden or was
 * renamed away, INFO tells all but how often the append-only file is flushed. Only reports.
 *
 * <p>Replicas make up for none of this: replication is asynchronous, and a master that restarts empty empties its replicas.
 */
final class Durability {
    private static final Logger LOG = LoggerFactory.getLogger(Durability.class);
    private static final String POLICY = "maxmemory-policy";
    private static final String APPEND_ONLY = "appendonly";
    private static final String FSYNC = "appendfsync";
    private static final String REWRITE = "no-appendfsync-on-rewrite";
    private static final Duration EVERY_SECOND = Duration.ofSeconds(1);

    private final String server;
    private final Duration acceptedLoss;
    private final Map<String, String> settings;
    private final List<Finding> findings = new ArrayList<>();

    private Durability(String server, Duration acceptedLoss, Map<String, String> settings) {
        this.server = server;
        this.acceptedLoss = acceptedLoss;
        this.settings = settings;
    }

    /** @param acceptedLoss how much of the last records may be lost, as the user declared */
    static List<Finding> findings(String server, Connection connection, Duration acceptedLoss) {
        return of(server, settings(connection), acceptedLoss);
    }

    static List<Finding> of(String server, Map<String, String> settings, Duration acceptedLoss) {
        Durability durability = new Durability(server, acceptedLoss, settings);
        durability.eviction();
        durability.appendOnly();
        return durability.findings;
    }

    private void eviction() {
        if ("0".equals(settings.get("maxmemory"))) {
            return;
        }
        require(
                POLICY,
                "noeviction",
                "must be noeviction while maxmemory is set: otherwise messages that were handled are forgotten when memory is full",
                "Set it to noeviction, or give OnceMQ a server of its own");
    }

    private void appendOnly() {
        require(
                APPEND_ONLY,
                "yes",
                "must be yes: a server that restarts empty has forgotten every message, and empties its replicas as well",
                "Run CONFIG SET appendonly yes, and set it in redis.conf");
        if ("no".equals(settings.get(APPEND_ONLY))) {
            return;
        }
        flush();
        require(
                REWRITE,
                "no",
                "must be no: otherwise nothing is flushed while the append-only file is rewritten",
                "Run CONFIG SET no-appendfsync-on-rewrite no, and set it in redis.conf");
    }

    private void flush() {
        boolean declared = acceptedLoss.compareTo(EVERY_SECOND) >= 0;
        if (declared && "everysec".equals(settings.get(FSYNC))) {
            return;
        }
        require(
                FSYNC,
                "always",
                "must be always: records that are not flushed are lost with the machine, and their messages are handled again",
                "no".equals(settings.get(FSYNC))
                        ? "Run CONFIG SET appendfsync always, and set it in redis.conf"
                        : "Run CONFIG SET appendfsync always, and set it in redis.conf; or, with everysec, declare the loss with"
                                + " RedisIdempotency.at(…).acceptLossOf(Duration.ofSeconds(1))");
    }

    private void require(String setting, String good, String requirement, String remedy) {
        String value = settings.get(setting);
        if (value == null) {
            findings.add(Finding.unchecked(
                    server,
                    setting,
                    "the server answers neither CONFIG GET nor INFO on it",
                    requirement,
                    "Allow this user CONFIG GET (ACL SETUSER … +config|get +info), or accept it by name with acceptUnchecked(\""
                            + setting + "\", reason)"));
        } else if (!good.equals(value)) {
            findings.add(Finding.violation(server, setting, value, requirement, remedy));
        }
    }

    private static Map<String, String> settings(Connection connection) {
        Map<String, String> settings = new HashMap<>();
        Map<String, String> info = info(connection);
        put(settings, "maxmemory", info.get("maxmemory"));
        put(settings, POLICY, info.get("maxmemory_policy"));
        String appendOnly = info.get("aof_enabled");
        put(settings, APPEND_ONLY, appendOnly == null ? null : "1".equals(appendOnly) ? "yes" : "no");
        for (String pattern : List.of("maxmemory*", "append*", REWRITE)) {
            settings.putAll(config(connection, pattern));
        }
        return settings;
    }

    private static void put(Map<String, String> settings, String name, @Nullable String value) {
        if (value != null) {
            settings.put(name, value);
        }
    }

    private static Map<String, String> info(Connection connection) {
        try {
            return Replies.info(connection);
        } catch (JedisDataException answer) {
            requireForbidden(answer);
            LOG.debug("INFO was refused", answer);
            return Map.of();
        }
    }

    private static Map<String, String> config(Connection connection, String pattern) {
        try {
            return Replies.pairs(connection.executeCommand(
                    new CommandArguments(Command.CONFIG).add("GET").add(pattern)));
        } catch (JedisDataException answer) {
            requireForbidden(answer);
            LOG.debug("CONFIG GET {} was refused", pattern, answer);
            return Map.of();
        }
    }

    /** NOPERM, or a command that is not known; anything else, such as LOADING, says nothing about the settings. */
    private static void requireForbidden(JedisDataException answer) {
        String message = String.valueOf(answer.getMessage());
        if (!message.startsWith("NOPERM") && !message.startsWith("ERR")) {
            throw answer;
        }
    }
}
