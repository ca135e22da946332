package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Artemis} was told. Immutable; {@link #toString} names no password.
 *
 * @param addresses each {@code host:port}
 * @param user null for a broker that asks for none
 * @param connectionTtl how long a connection may be silent
 * @param maxMessageSize of a body, in bytes
 */
record ArtemisSettings(
        List<String> addresses,
        @Nullable String user,
        @Nullable String password,
        @Nullable Tls tls,
        Duration connectionTtl,
        int maxMessageSize) {
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(1);
    private static final int LARGEST_BODY = 16 << 20;

    ArtemisSettings {
        addresses = List.copyOf(addresses);
    }

    static ArtemisSettings at(String addresses) {
        return new ArtemisSettings(
                Addresses.parse(addresses, "Artemis.at(\"localhost:61616\"), and the login by login(user, password)"),
                null,
                null,
                null,
                SILENCE,
                LARGEST_BODY);
    }

    ArtemisSettings login(String name, String secret) {
        if (name.isEmpty()) {
            throw new ConfigurationException("user", "''", "is empty", "Give the name that the broker knows");
        }
        return new ArtemisSettings(addresses, name, secret, tls, connectionTtl, maxMessageSize);
    }

    ArtemisSettings tls(Tls value) {
        return new ArtemisSettings(addresses, user, password, value, connectionTtl, maxMessageSize);
    }

    ArtemisSettings connectionTtl(Duration time) {
        if (time.compareTo(LEAST_SILENCE) < 0) {
            throw new ConfigurationException(
                    "connectionTtl", time, "is below " + LEAST_SILENCE, "Use for example Duration.ofSeconds(30)");
        }
        return new ArtemisSettings(addresses, user, password, tls, time, maxMessageSize);
    }

    ArtemisSettings maxMessageSize(int bytes) {
        if (bytes < 1) {
            throw new ConfigurationException("maxMessageSize", bytes, "is below 1", "Use for example 16 << 20");
        }
        return new ArtemisSettings(addresses, user, password, tls, connectionTtl, bytes);
    }

    @Override
    public String toString() {
        return addresses + (user == null ? "" : ", as " + user) + (tls == null ? "" : ", " + tls);
    }
}
