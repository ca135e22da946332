package io.oncemq.torture;

import java.util.Optional;
import java.util.SplittableRandom;

/** Named, so that a run says that it is missing: integration tests fail over Sentinel and Cluster under traffic. */
record StoreFailover() implements Nemesis {
    @Override
    public String name() {
        return "store-failover";
    }

    @Override
    public Against against() {
        return Against.STORE;
    }

    @Override
    public Optional<String> obstacle(BrokerKind broker) {
        return Optional.of("the store of a run is one Redis, without replicas");
    }

    @Override
    public Attack plan(Arena arena, SplittableRandom random) {
        throw new UnsupportedOperationException(name());
    }
}
