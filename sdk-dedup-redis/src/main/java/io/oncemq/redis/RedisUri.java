package io.oncemq.redis;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.redis.Deployment.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Reads {@code redis[s]://[[user]:password@]host[:port][/database]}, {@code redis[s]-sentinel://…host[:port],…/master[/database]}
 * and {@code redis[s]-cluster://…host[:port],…}. Refusals show no credentials.
 */
final class RedisUri {
    private static final String EXAMPLE =
            "Write redis://host:6379, redis-sentinel://host:26379/mymaster or redis-cluster://host:6379";

    private final String text;
    private final URI uri;
    private final boolean tls;
    private final Kind kind;
    private final String authority;
    private final String[] path;

    private RedisUri(String text) {
        this.text = text;
        this.uri = parsed();
        String scheme = String.valueOf(uri.getScheme());
        this.tls = scheme.startsWith("rediss");
        this.kind = kind(tls ? scheme.replaceFirst("rediss", "redis") : scheme);
        if (uri.getRawAuthority() == null) {
            throw refused("lacks a host");
        }
        this.authority = uri.getRawAuthority();
        String raw = uri.getPath();
        this.path = raw == null || raw.length() <= 1
                ? new String[0]
                : raw.substring(1).split("/", -1);
    }

    static RedisOptions.Draft draft(String text) {
        RedisUri read = new RedisUri(text);
        RedisOptions.Draft draft = new RedisOptions.Draft();
        draft.deployment = read.deployment();
        draft.login = read.login();
        draft.tls = read.tls ? Tls.systemTrust() : null;
        draft.database = read.database();
        return draft;
    }

    static String redact(String uri) {
        return uri.replaceAll("^([A-Za-z0-9+.-]*:/*)?.*@", "$1***@");
    }

    private Deployment deployment() {
        String servers = authority.substring(authority.lastIndexOf('@') + 1);
        List<HostAndPort> addresses = new ArrayList<>();
        for (String server : servers.split(",", -1)) {
            addresses.add(address(server));
        }
        if (kind == Kind.SERVER && addresses.size() > 1) {
            throw refused("names several servers");
        }
        return new Deployment(kind, addresses, kind == Kind.SENTINEL && path.length > 0 ? path[0] : "");
    }

    private HostAndPort address(String server) {
        int colon = server.lastIndexOf(':');
        boolean port = colon > server.lastIndexOf(']');
        String host = port ? server.substring(0, colon) : server;
        if (host.isBlank()) {
            throw refused("lacks a host");
        }
        try {
            return new HostAndPort(host, port ? Integer.parseInt(server.substring(colon + 1)) : kind.port);
        } catch (NumberFormatException e) {
            throw refused("has a port that is not a number");
        }
    }

    private Login login() {
        int at = authority.lastIndexOf('@');
        if (at < 0) {
            return Login.NONE;
        }
        String info = authority.substring(0, at);
        int colon = info.indexOf(':');
        String user = colon > 0 ? decoded(info.substring(0, colon)) : null;
        return new Login(user, decoded(info.substring(colon + 1)));
    }

    /** What is percent-encoded, and nothing else: a plus sign is one. */
    private static @Nullable String decoded(String part) {
        return part.isEmpty()
                ? ""
                : URI.create("/" + part.replace("/", "%2F")).getPath().substring(1);
    }

    private int database() {
        int at = kind == Kind.SENTINEL ? 1 : 0;
        if (path.length > at + 1) {
            throw refused("has too long a path");
        }
        try {
            return path.length > at ? Integer.parseInt(path[at]) : 0;
        } catch (NumberFormatException e) {
            throw refused("names no database by number");
        }
    }

    private URI parsed() {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw refused("is not the URI of a Redis server");
        }
    }

    private Kind kind(String scheme) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.scheme.equals(scheme))
                .findFirst()
                .orElseThrow(() -> refused("is not the URI of a Redis server"));
    }

    private ConfigurationException refused(String problem) {
        return new ConfigurationException("idempotency", redact(text), problem, EXAMPLE);
    }
}
