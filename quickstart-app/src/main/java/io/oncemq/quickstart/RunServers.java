package io.oncemq.quickstart;

import io.oncemq.testkit.server.RedisServer;

/** The servers of a run, started: the broker and the store beside it. */
record RunServers(BrokerKind kind, Broker broker, RedisServer redis) implements AutoCloseable {
    /** @throws io.oncemq.testkit.server.ServerException if one is not to be had or does not start; nothing is left running then */
    static RunServers start(BrokerKind kind) {
        Broker broker = kind.create();
        RedisServer redis = RedisServer.builder().asProcess().build();
        RunServers servers = new RunServers(kind, broker, redis);
        try {
            redis.start();
            broker.start();
            return servers;
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try (redis) {
            broker.close();
        }
    }
}
