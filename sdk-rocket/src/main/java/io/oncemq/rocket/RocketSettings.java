package io.oncemq.rocket;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Rocket} was told. Immutable; {@link #toString} names no secret.
 *
 * @param namespace empty for none
 */
record RocketSettings(
        List<String> nameServers,
        @Nullable String accessKey,
        @Nullable String secretKey,
        Duration lockExpiry,
        String namespace,
        @Nullable Tls tls) {
    private static final Duration LEAST_LOCK_EXPIRY = Duration.ofSeconds(1);
    /** Of the broker's, where its system property does not say otherwise. */
    private static final Duration LOCK_EXPIRY = Duration.ofSeconds(60);

    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\s:@/;\\[\\]]+)(?::(\\d{1,5}))?");
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_-]{1,63}");
    private static final int MOST_PORTS = 65535;
    private static final int DEFAULT_PORT = 9876;

    RocketSettings {
        nameServers = List.copyOf(nameServers);
    }

    static RocketSettings at(String nameServers) {
        List<String> parsed = new ArrayList<>();
        for (String address : nameServers.split(",", -1)) {
            parsed.add(parse(address.trim()));
        }
        return new RocketSettings(parsed, null, null, LOCK_EXPIRY, "", null);
    }

    private static String parse(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (address.matches()) {
            String port = address.group(2);
            int number = port == null ? DEFAULT_PORT : Integer.parseInt(port);
            if (number > 0 && number <= MOST_PORTS) {
                return address.group(1) + ":" + number;
            }
        }
        throw new ConfigurationException(
                "nameServers",
                text.indexOf('@') < 0 ? "'" + text + "'" : "***",
                "is not of the form host or host:port",
                "Write for example Rocket.at(\"localhost:9876\"), and credentials by credentials(accessKey,"
                        + " secretKey)");
    }

    RocketSettings credentials(String access, String secret) {
        if (access.isEmpty() || secret.isEmpty()) {
            throw new ConfigurationException(
                    "credentials", "***", "are incomplete", "Give the access key and the secret key of the user");
        }
        return new RocketSettings(nameServers, access, secret, lockExpiry, namespace, tls);
    }

    RocketSettings lockExpiry(Duration expiry) {
        if (expiry.compareTo(LEAST_LOCK_EXPIRY) < 0) {
            throw new ConfigurationException(
                    "lockExpiry",
                    expiry,
                    "is less than " + LEAST_LOCK_EXPIRY,
                    "Give what the brokers have as -Drocketmq.broker.rebalance.lockMaxLiveTime, or leave it out");
        }
        return new RocketSettings(nameServers, accessKey, secretKey, expiry, namespace, tls);
    }

    RocketSettings namespace(String name) {
        if (!NAMESPACE.matcher(name).matches()) {
            throw new ConfigurationException(
                    "namespace",
                    "'" + name + "'",
                    "is not 1 to 63 letters, digits, _ or -",
                    "Leave it out for topics without a namespace");
        }
        return new RocketSettings(nameServers, accessKey, secretKey, lockExpiry, name, tls);
    }

    RocketSettings tls(Tls value) {
        return new RocketSettings(nameServers, accessKey, secretKey, lockExpiry, namespace, RocketTls.checked(value));
    }

    /** As RocketMQ's client takes them. */
    String joined() {
        return String.join(";", nameServers);
    }

    @Override
    public String toString() {
        return nameServers
                + (namespace.isEmpty() ? "" : ", namespace " + namespace)
                + (accessKey == null ? "" : ", as " + accessKey)
                + (tls == null ? "" : ", " + tls);
    }
}
