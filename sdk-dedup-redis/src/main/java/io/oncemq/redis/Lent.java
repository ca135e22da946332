package io.oncemq.redis;

import java.net.SocketTimeoutException;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A connection while somebody uses it. Used by one thread. */
final class Lent {
    private final Connection connection;
    private final boolean used;
    private boolean lapsed;

    /** @param used whether it lay idle before */
    Lent(Connection connection, boolean used) {
        this.connection = connection;
        this.used = used;
    }

    Connection connection() {
        return connection;
    }

    /**
     * Notes why it failed. One that lay idle may have been closed meanwhile, by the server's {@code timeout} or a proxy: that
     * says nothing of the server. One that waited in vain for an answer does.
     */
    void failed(JedisConnectionException reason) {
        lapsed = used && !(reason.getCause() instanceof SocketTimeoutException);
    }

    /** Whether it failed in a way that a new connection shall be tried for before the server counts as silent. */
    boolean lapsed() {
        return lapsed;
    }
}
