package io.oncemq.spring;

import io.oncemq.spi.TransportFactory;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** The brokers that have properties of their own. Each needs its module on the class path. */
enum BrokerKind {
    KAFKA("kafka", "kafka.", "bootstrap-servers", "io.oncemq.kafka.Kafka", "sdk-kafka") {
        @Override
        List<String> servers(ClientProperties properties) {
            return properties.getKafka().getBootstrapServers();
        }

        @Override
        TransportFactory ofUri(String property, String uri, String client, ClientProperties properties) {
            return KafkaOptions.ofUri(property, uri, prefix(client), properties.getKafka());
        }

        @Override
        TransportFactory ofServers(String property, String client, ClientProperties properties) {
            return KafkaOptions.ofServers(property, joined(properties), prefix(client), properties.getKafka());
        }
    },
    RABBIT("amqp", "rabbit.", "addresses", "io.oncemq.rabbit.Rabbit", "sdk-rabbit") {
        @Override
        List<String> servers(ClientProperties properties) {
            return properties.getRabbit().getAddresses();
        }

        @Override
        TransportFactory ofUri(String property, String uri, String client, ClientProperties properties) {
            return RabbitOptions.ofUri(property, uri, prefix(client), properties.getRabbit());
        }

        @Override
        TransportFactory ofServers(String property, String client, ClientProperties properties) {
            return RabbitOptions.ofAddresses(property, joined(properties), prefix(client), properties.getRabbit());
        }
    },
    ROCKET("rocketmq", "rocket.", "name-servers", "io.oncemq.rocket.Rocket", "sdk-rocket") {
        @Override
        List<String> servers(ClientProperties properties) {
            return properties.getRocket().getNameServers();
        }

        @Override
        TransportFactory ofUri(String property, String uri, String client, ClientProperties properties) {
            return RocketOptions.ofUri(property, uri, prefix(client), properties.getRocket());
        }

        @Override
        TransportFactory ofServers(String property, String client, ClientProperties properties) {
            return RocketOptions.ofNameServers(property, joined(properties), prefix(client), properties.getRocket());
        }

        @Override
        String login(String client) {
            return prefix(client) + "access-key and " + prefix(client) + "secret-key";
        }
    };

    private final String scheme;
    private final String section;
    private final String servers;
    private final String type;
    private final String module;

    BrokerKind(String scheme, String section, String servers, String type, String module) {
        this.scheme = scheme;
        this.section = section;
        this.servers = servers;
        this.type = type;
        this.module = module;
    }

    static @Nullable BrokerKind ofScheme(@Nullable String scheme) {
        return Stream.of(values())
                .filter(kind -> kind.scheme.equals(scheme))
                .findFirst()
                .orElse(null);
    }

    /** What its properties begin with; {@code client} is the prefix of the client's, with its dot, as everywhere here. */
    String prefix(String client) {
        return client + section;
    }

    /** The property that names its servers. */
    String property(String client) {
        return prefix(client) + servers;
    }

    /** The properties that take a login. */
    String login(String client) {
        return prefix(client) + "username and " + prefix(client) + "password";
    }

    String module() {
        return module;
    }

    boolean isPresent() {
        return ClassUtils.isPresent(type, BrokerKind.class.getClassLoader());
    }

    String joined(ClientProperties properties) {
        return String.join(",", servers(properties));
    }

    /** As properties name them; empty where they do not. */
    abstract List<String> servers(ClientProperties properties);

    /** @param property that has the URI. Needs the module, as {@link #ofServers} does. */
    abstract TransportFactory ofUri(String property, String uri, String client, ClientProperties properties);

    abstract TransportFactory ofServers(String property, String client, ClientProperties properties);
}
