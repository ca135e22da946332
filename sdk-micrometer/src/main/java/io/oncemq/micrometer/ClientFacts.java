package io.oncemq.micrometer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What an observer has learned of its client. Thread-safe. */
final class ClientFacts {
    private record Reader(String destination, String name) {}

    private final Map<Reader, String> groups = new ConcurrentHashMap<>();
    private volatile String clientId = Outcomes.NONE;
    private volatile String system = Outcomes.NONE;

    void opened(String client, String broker) {
        clientId = client;
        system = broker;
    }

    void subscribed(String destination, String reader, String group) {
        groups.put(new Reader(destination, reader), group);
    }

    String clientId() {
        return clientId;
    }

    String system() {
        return system;
    }

    /** The group as configured of who is named as reader. */
    String group(String destination, String reader) {
        return groups.getOrDefault(new Reader(destination, reader), reader);
    }
}
