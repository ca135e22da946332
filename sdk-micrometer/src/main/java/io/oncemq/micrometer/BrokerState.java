package io.oncemq.micrometer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What brokers of one kind do to the clients of a registry. Thread-safe. */
final class BrokerState {
    private record Blockage(Object client, @Nullable String destination) {}

    private final Set<Blockage> blocked = ConcurrentHashMap.newKeySet();

    BrokerState(Meters meters, String system) {
        meters.gauge(OnceMqMeter.PUBLISH_BLOCKED, () -> blocked.isEmpty() ? 0 : 1, system);
    }

    /** @param destination the only one concerned, or null for all of the client's */
    void blocked(Object client, @Nullable String destination, boolean on) {
        Blockage blockage = new Blockage(client, destination);
        if (on) {
            blocked.add(blockage);
        } else {
            blocked.remove(blockage);
        }
    }
}
