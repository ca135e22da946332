package io.oncemq.redis;

import io.oncemq.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a store is opened with; checked. */
record RedisOptions(
        String host,
        int port,
        boolean tls,
        @Nullable String user,
        @Nullable String password,
        int database,
        Duration timeout,
        int connections,
        Duration rememberFor,
        int shards,
        String keyPrefix) {

    RedisOptions {
        require(port > 0 && port < 65536, "port", port, "is not a port", "Give one from 1 to 65535");
        require(database >= 0, "database", database, "is negative", "Give the number of a database");
        require(
                timeout.toMillis() > 0 && timeout.toMillis() <= Integer.MAX_VALUE,
                "timeout",
                timeout,
                "is out of range",
                "Give at least 1 ms, such as 2 s");
        require(connections > 0, "connections", connections, "leaves no connection", "Give 1 or more");
        require(
                rememberFor.toMillis() >= 1000,
                "rememberFor",
                rememberFor,
                "is too short to tell duplicates",
                "Give a time above the broker's redelivery horizon");
        require(
                shards >= 1 && shards <= 1024,
                "shards",
                shards,
                "is out of range",
                "Give 1 to 1024; more shards than cores of the Redis servers bring nothing");
        require(!keyPrefix.isBlank(), "keyPrefix", "''", "is blank", "Give a name or leave the default");
    }

    static Draft draft(String uri) {
        URI parsed = parse(uri);
        Draft draft = new Draft();
        draft.host = parsed.getHost();
        draft.port = parsed.getPort() < 0 ? 6379 : parsed.getPort();
        draft.tls = "rediss".equals(parsed.getScheme());
        draft.database = database(parsed, uri);
        String info = parsed.getUserInfo();
        if (info != null) {
            int colon = info.indexOf(':');
            draft.password = info.substring(colon + 1);
            draft.user = colon > 0 ? info.substring(0, colon) : null;
        }
        return draft;
    }

    /** Options on their way; the defaults stand here. */
    static final class Draft {
        String host = "";
        int port;
        boolean tls;

        @Nullable
        String user;

        @Nullable
        String password;

        int database;
        Duration timeout = Duration.ofSeconds(2);
        int connections = 8;
        Duration rememberFor = Duration.ofDays(7);
        int shards = 4;
        String keyPrefix = "oncemq";

        RedisOptions checked() {
            return new RedisOptions(
                    host, port, tls, user, password, database, timeout, connections, rememberFor, shards, keyPrefix);
        }
    }

    Draft change() {
        Draft draft = new Draft();
        draft.host = host;
        draft.port = port;
        draft.tls = tls;
        draft.user = user;
        draft.password = password;
        draft.database = database;
        draft.timeout = timeout;
        draft.connections = connections;
        draft.rememberFor = rememberFor;
        draft.shards = shards;
        draft.keyPrefix = keyPrefix;
        return draft;
    }

    private static URI parse(String uri) {
        URI parsed = null;
        try {
            parsed = URI.create(uri);
        } catch (IllegalArgumentException malformed) {
            // refused below, without the text that could hold a password
        }
        boolean scheme = parsed != null && ("redis".equals(parsed.getScheme()) || "rediss".equals(parsed.getScheme()));
        if (parsed == null || !scheme || parsed.getHost() == null) {
            throw refused("idempotency", redact(uri), "is not the URI of a Redis server", "Write redis://host:6379");
        }
        return parsed;
    }

    private static int database(URI parsed, String uri) {
        String path = parsed.getPath();
        if (path == null || path.length() <= 1) {
            return 0;
        }
        try {
            return Integer.parseInt(path.substring(1));
        } catch (NumberFormatException e) {
            throw refused("idempotency", redact(uri), "names no database by number", "Write redis://host:6379/0");
        }
    }

    static String redact(String uri) {
        return uri.replaceAll("//[^/]*@", "//***@");
    }

    /** Without credentials. */
    String address() {
        return (tls ? "rediss://" : "redis://") + host + ":" + port + "/" + database;
    }

    private static void require(boolean holds, String property, Object value, String problem, String remedy) {
        if (!holds) {
            throw refused(property, value, problem, remedy);
        }
    }

    private static ConfigurationException refused(String property, Object value, String problem, String remedy) {
        return new ConfigurationException(property, value, problem, remedy);
    }

    @Override
    public String toString() {
        return "RedisIdempotency[" + address() + (password == null ? "" : ", password=***") + ", timeout=" + timeout
                + ", connections=" + connections + ", rememberFor=" + rememberFor + ", shards=" + shards
                + ", keyPrefix=" + keyPrefix + "]";
    }
}
