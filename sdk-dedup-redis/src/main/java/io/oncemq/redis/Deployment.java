package io.oncemq.redis;

import static java.util.stream.Collectors.joining;

import java.util.List;
import redis.clients.jedis.HostAndPort;

/**
 * Where the servers are.
 *
 * @param addresses the server; or sentinels; or some nodes of a cluster
 * @param master the name under which the sentinels watch the master; empty otherwise
 */
record Deployment(Kind kind, List<HostAndPort> addresses, String master) {
    /** The scheme of its URIs, without TLS, and the port that a URI need not name. */
    enum Kind {
        SERVER("redis", 6379),
        SENTINEL("redis-sentinel", 26379),
        CLUSTER("redis-cluster", 6379);

        final String scheme;
        final int port;

        Kind(String scheme, int port) {
            this.scheme = scheme;
            this.port = port;
        }
    }

    Deployment {
        addresses = List.copyOf(addresses);
        Refusal.unless(!addresses.isEmpty(), "addresses", "[]", "name no server", "Give host:port");
        for (HostAndPort address : addresses) {
            int port = address.getPort();
            Refusal.unless(port > 0 && port < 65536, "port", port, "is not a port", "Give one from 1 to 65535");
        }
        boolean watched = kind == Kind.SENTINEL;
        Refusal.unless(
                !watched || !master.isBlank(),
                "master",
                "''",
                "names no master",
                "Write redis-sentinel://host:26379,host:26379/mymaster");
    }

    /** As in a URI, without credentials. */
    String uri(boolean tls, int database) {
        String scheme = tls ? kind.scheme.replaceFirst("redis", "rediss") : kind.scheme;
        String servers = addresses.stream().map(HostAndPort::toString).collect(joining(","));
        String path = switch (kind) {
            case SERVER -> "/" + database;
            case SENTINEL -> "/" + master + (database == 0 ? "" : "/" + database);
            case CLUSTER -> "";
        };
        return scheme + "://" + servers + path;
    }
}
