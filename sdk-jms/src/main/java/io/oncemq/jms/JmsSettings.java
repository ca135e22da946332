package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Artemis} or {@link ActiveMq} was told. Immutable; {@link #toString} names no password.
 *
 * @param addresses each {@code host:port}
 * @param user null for a broker that asks for none
 * @param connectionTtl how long a connection may be silent
 * @param maxMessageSize of a body, in bytes
 */
record JmsSettings(
        List<String> addresses,
        @Nullable String user,
        @Nullable String password,
        @Nullable Tls tls,
        Duration connectionTtl,
        int maxMessageSize) {
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(1);
    private static final int LARGEST_BODY = 16 << 20;

    JmsSettings {
        addresses = List.copyOf(addresses);
    }

    /** @param example how addresses and a login are given */
    static JmsSettings at(String addresses, String example) {
        return new JmsSettings(Addresses.parse(addresses, example), null, null, null, SILENCE, LARGEST_BODY);
    }

    JmsSettings alone(String address) {
        return new JmsSettings(List.of(address), user, password, tls, connectionTtl, maxMessageSize);
    }

    JmsSettings login(String name, String secret) {
        if (name.isEmpty()) {
            throw new ConfigurationException("user", "''", "is empty", "Give the name that the broker knows");
        }
        return new JmsSettings(addresses, name, secret, tls, connectionTtl, maxMessageSize);
    }

    JmsSettings tls(Tls value) {
        return new JmsSettings(addresses, user, password, value, connectionTtl, maxMessageSize);
    }

    JmsSettings connectionTtl(Duration time) {
        if (time.compareTo(LEAST_SILENCE) < 0) {
            throw new ConfigurationException(
                    "connectionTtl", time, "is below " + LEAST_SILENCE, "Use for example Duration.ofSeconds(30)");
        }
        return new JmsSettings(addresses, user, password, tls, time, maxMessageSize);
    }

    JmsSettings maxMessageSize(int bytes) {
        if (bytes < 1) {
            throw new ConfigurationException("maxMessageSize", bytes, "is below 1", "Use for example 16 << 20");
        }
        return new JmsSettings(addresses, user, password, tls, connectionTtl, bytes);
    }

    @Override
    public String toString() {
        return addresses + (user == null ? "" : ", as " + user) + (tls == null ? "" : ", " + tls);
    }
}
