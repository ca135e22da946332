package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import java.time.Duration;
import java.util.List;

/**
 * What {@link ActiveMq} was told. Immutable.
 *
 * @param addresses each {@code host:port}
 * @param connectionTtl how long a connection may be silent
 * @param maxMessageSize of a body, in bytes
 * @param prefetch messages that the broker sends ahead to each consumer
 */
record ActiveMqSettings(List<String> addresses, Duration connectionTtl, int maxMessageSize, int prefetch) {
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(1);
    private static final int LARGEST_BODY = 16 << 20;
    private static final int PREFETCH = 100;

    /** One is for the mark that each shard's queue has at its head. */
    private static final int LEAST_PREFETCH = 2;

    ActiveMqSettings {
        addresses = List.copyOf(addresses);
    }

    static ActiveMqSettings at(String addresses) {
        return new ActiveMqSettings(
                Addresses.parse(addresses, "ActiveMq.at(\"localhost:61616\")"), SILENCE, LARGEST_BODY, PREFETCH);
    }

    ActiveMqSettings connectionTtl(Duration time) {
        if (time.compareTo(LEAST_SILENCE) < 0) {
            throw new ConfigurationException(
                    "connectionTtl", time, "is below " + LEAST_SILENCE, "Use for example Duration.ofSeconds(30)");
        }
        return new ActiveMqSettings(addresses, time, maxMessageSize, prefetch);
    }

    ActiveMqSettings maxMessageSize(int bytes) {
        if (bytes < 1) {
            throw new ConfigurationException("maxMessageSize", bytes, "is below 1", "Use for example 16 << 20");
        }
        return new ActiveMqSettings(addresses, connectionTtl, bytes, prefetch);
    }

    ActiveMqSettings prefetch(int messages) {
        if (messages < LEAST_PREFETCH) {
            throw new ConfigurationException(
                    "prefetch", messages, "is below " + LEAST_PREFETCH, "Use for example " + PREFETCH);
        }
        return new ActiveMqSettings(addresses, connectionTtl, maxMessageSize, messages);
    }

    @Override
    public String toString() {
        return addresses.toString();
    }
}
