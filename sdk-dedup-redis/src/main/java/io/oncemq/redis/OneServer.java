package io.oncemq.redis;

import java.util.List;
import redis.clients.jedis.HostAndPort;

/** The server that the options name serves everything. */
record OneServer(Connections server) implements Topology {
    @Override
    public void refresh() {
        // it stays the same
    }

    @Override
    public Connections serving(int slot) {
        return server;
    }

    @Override
    public List<Connections> masters() {
        return List.of(server);
    }

    @Override
    public void doubt(Connections doubted) {
        // there is no other
    }

    @Override
    public void moved(int slot, HostAndPort to, Connections teller) {
        // only nodes of a cluster say so, and those have a map
    }

    @Override
    public void close() {
        server.close();
    }
}
