package io.oncemq.redis;

import io.oncemq.spi.StoreUnavailableException;
import java.util.List;
import redis.clients.jedis.HostAndPort;

/**
 * Which server serves which slot, as far as is known. What is known may be old: a server that does not serve a slot says so, and
 * the caller tells the topology. Thread-safe; has no thread of its own, so everything happens within its callers' calls.
 */
interface Topology extends AutoCloseable {
    int SLOTS = 16384;

    /** Looks again, if it is time to or something seemed wrong. Blocks for about one time-out at most, and never throws. */
    void refresh();

    /** @throws StoreUnavailableException if nobody is known to serve the slot; its cause tells why */
    Connections serving(int slot);

    /** Every server that serves some slot. */
    List<Connections> masters();

    /** The server failed, or answered as one that should not be asked: the next refresh looks again. */
    void doubt(Connections server);

    /** A server names another one for this slot. */
    void moved(int slot, HostAndPort to, Connections teller);

    @Override
    void close();
}
