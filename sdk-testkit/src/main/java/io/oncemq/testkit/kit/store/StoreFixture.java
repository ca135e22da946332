package io.oncemq.testkit.kit.store;

import io.oncemq.spi.IdempotencyStore;
import io.oncemq.testkit.server.Server;
import java.time.Duration;
import java.util.Set;

/** One store as the kit handles it. Methods beyond the first four are called only if {@link #abilities} allows. */
public interface StoreFixture extends AutoCloseable {
    /** For {@link #open}: straight to the server. */
    int DIRECT = 0;

    /**
     * What a client is opened with.
     *
     * @param port where the client finds the server; {@link #DIRECT} for the server's own
     */
    record Client(Duration rememberFor, int shards, Duration timeout, int port) {
        /** 7 days, 4 shards, 20 seconds, no proxy. */
        public static final Client DEFAULT = new Client(Duration.ofDays(7), 4, Duration.ofSeconds(20), DIRECT);

        public Client rememberFor(Duration time) {
            return new Client(time, shards, timeout, port);
        }

        public Client shards(int count) {
            return new Client(rememberFor, count, timeout, port);
        }

        public Client timeout(Duration time) {
            return new Client(rememberFor, shards, time, port);
        }

        public Client port(int proxy) {
            return new Client(rememberFor, shards, timeout, proxy);
        }
    }

    Set<StoreAbility> abilities();

    /** Another client of the same store, as another process would open it; the kit closes it. */
    IdempotencyStore open(Client client);

    /** Returns when so much of the store's time has passed. */
    void pass(Duration time);

    /** The store's time, for differences. */
    default long nanoTime() {
        return System.nanoTime();
    }

    @Override
    void close();

    default Server server() {
        throw new UnsupportedOperationException("OUTAGE");
    }

    default int port() {
        throw new UnsupportedOperationException("NETWORK");
    }

    default void loseData() {
        throw new UnsupportedOperationException("DATA_LOSS");
    }

    default long usedMemory() {
        throw new UnsupportedOperationException("MEMORY");
    }

    /** The server forgets the code that clients left with it. */
    default void forgetScripts() {
        throw new UnsupportedOperationException("SHARDS");
    }
}
