package io.oncemq.rabbit;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.ConnectionFactory;
import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Rabbit} was told. Immutable; {@link #toString} names no password.
 *
 * @param addresses without a port where none was named
 * @param maxMessageSize in bytes, or 0 for the default of the server's version
 * @param namespace or null for the default, see {@link #namespaceOfClaims}
 * @param keepInstances for how long the server keeps the queues of a broadcast instance that is away
 */
record RabbitSettings(
        List<Address> addresses,
        String user,
        String password,
        String virtualHost,
        @Nullable Tls tls,
        Duration heartbeat,
        Duration consumerTimeout,
        int maxMessageSize,
        Duration keepInstances,
        @Nullable String namespace) {
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\s:@/\\[\\]]+)(?::(\\d{1,5}))?");
    private static final int MOST_PORTS = 65535;
    private static final Duration LONGEST_HEARTBEAT = Duration.ofHours(1);
    /** The server takes no more than 2^32 milliseconds. */
    private static final Duration LONGEST_KEPT = Duration.ofDays(49);

    RabbitSettings {
        addresses = List.copyOf(addresses);
    }

    /** The addresses as {@code host:port}. */
    List<String> places() {
        int usual = tls == null ? ConnectionFactory.DEFAULT_AMQP_PORT : ConnectionFactory.DEFAULT_AMQP_OVER_SSL_PORT;
        return addresses.stream()
                .map(address -> address.getHost() + ":" + (address.getPort() < 0 ? usual : address.getPort()))
                .toList();
    }

    static RabbitSettings at(String addresses) {
        List<Address> parsed = new ArrayList<>();
        for (String address : addresses.split(",", -1)) {
            parsed.add(parse(address.trim()));
        }
        return new RabbitSettings(
                parsed,
                "guest",
                "guest",
                "/",
                null,
                Duration.ofSeconds(10),
                Duration.ofMinutes(30),
                0,
                Duration.ofMinutes(30),
                null);
    }

    private static Address parse(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (address.matches()) {
            String port = address.group(2);
            int number = port == null ? -1 : Integer.parseInt(port);
            if (number != 0 && number <= MOST_PORTS) {
                return new Address(address.group(1), number);
            }
        }
        throw new ConfigurationException(
                "addresses",
                text.indexOf('@') < 0 ? "'" + text + "'" : "***",
                "is not of the form host or host:port",
                "Write for example Rabbit.at(\"localhost:5672\"), and the login by login(user, password)");
    }

    RabbitSettings login(String name, String secret) {
        if (name.isEmpty()) {
            throw new ConfigurationException("user", "''", "is empty", "Give the name that the server knows");
        }
        return changed(copy -> {
            copy.user = name;
            copy.password = secret;
        });
    }

    RabbitSettings vhost(String name) {
        if (name.isEmpty()) {
            throw new ConfigurationException("vhost", "''", "is empty", "Leave it out for the virtual host /");
        }
        return changed(copy -> copy.virtualHost = name);
    }

    RabbitSettings tls(Tls value) {
        return changed(copy -> copy.tls = value);
    }

    RabbitSettings heartbeat(Duration interval) {
        boolean whole = interval.equals(Duration.ofSeconds(interval.toSeconds()));
        if (!whole || interval.toSeconds() < 1 || interval.compareTo(LONGEST_HEARTBEAT) > 0) {
            throw new ConfigurationException(
                    "heartbeat",
                    interval,
                    "is not a number of seconds from 1 to 3600",
                    "Use for example ofSeconds(10)");
        }
        return changed(copy -> copy.heartbeat = interval);
    }

    RabbitSettings consumerTimeout(Duration timeout) {
        if (timeout.toSeconds() < 1) {
            throw new ConfigurationException(
                    "consumerTimeout", timeout, "is below a second", "Use what the server's consumer_timeout says");
        }
        return changed(copy -> copy.consumerTimeout = timeout);
    }

    RabbitSettings maxMessageSize(int bytes) {
        if (bytes < 1) {
            throw new ConfigurationException(
                    "maxMessageSize", bytes, "is below 1", "Use what the server's max_message_size says");
        }
        return changed(copy -> copy.maxMessageSize = bytes);
    }

    RabbitSettings keepInstances(Duration time) {
        if (time.toMillis() < 1 || time.compareTo(LONGEST_KEPT) > 0) {
            throw new ConfigurationException(
                    "keepInstancesFor",
                    time,
                    "is not between 1 ms and " + LONGEST_KEPT,
                    "Use for example ofMinutes(30)");
        }
        return changed(copy -> copy.keepInstances = time);
    }

    RabbitSettings namespace(String name) {
        return changed(copy -> copy.namespace = name);
    }

    private RabbitSettings changed(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return new RabbitSettings(
                addresses,
                copy.user,
                copy.password,
                copy.virtualHost,
                copy.tls,
                copy.heartbeat,
                copy.consumerTimeout,
                copy.maxMessageSize,
                copy.keepInstances,
                copy.namespace);
    }

    /** What a change begins with. */
    private static final class Copy {
        private String user;
        private String password;
        private String virtualHost;
        private @Nullable Tls tls;
        private Duration heartbeat;
        private Duration consumerTimeout;
        private int maxMessageSize;
        private Duration keepInstances;
        private @Nullable String namespace;

        Copy(RabbitSettings from) {
            user = from.user;
            password = from.password;
            virtualHost = from.virtualHost;
            tls = from.tls;
            heartbeat = from.heartbeat;
            consumerTimeout = from.consumerTimeout;
            maxMessageSize = from.maxMessageSize;
            keepInstances = from.keepInstances;
            namespace = from.namespace;
        }
    }

    /** The virtual host, unless it is the one that everybody has who asked for none. */
    String namespaceOfClaims() {
        String told = namespace;
        if (told != null) {
            return told;
        }
        return virtualHost.equals("/") ? "" : virtualHost;
    }

    @Override
    public String toString() {
        return addresses + ", vhost " + virtualHost + ", as " + user + (tls == null ? "" : ", " + tls);
    }
}
