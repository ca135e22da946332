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
        TransportFactory ofUri(
                String property, String uri, String client, ClientProperties properties, TlsSettings tls) {
            return KafkaOptions.ofUri(property, uri, prefix(client), properties.getKafka(), tls);
        }

        @Override
        TransportFactory ofServers(String property, String client, ClientProperties properties, TlsSettings tls) {
            return KafkaOptions.ofServers(property, joined(properties), prefix(client), properties.getKafka(), tls);
        }
    },
    RABBIT("amqp", "rabbit.", "addresses", "io.oncemq.rabbit.Rabbit", "sdk-rabbit") {
        @Override
        List<String> servers(ClientProperties properties) {
            return properties.getRabbit().getAddresses();
        }

        @Override
        TransportFactory ofUri(
                String property, String uri, String client, ClientProperties properties, TlsSettings tls) {
            return RabbitOptions.ofUri(property, uri, prefix(client), properties.getRabbit(), tls);
        }

        @Override
        TransportFactory ofServers(String property, String client, ClientProperties properties, TlsSettings tls) {
            return RabbitOptions.ofAddresses(property, joined(properties), prefix(client), properties.getRabbit(), tls);
        }
    },
    ROCKET("rocketmq", "rocket.", "name-servers", "io.oncemq.rocket.Rocket", "sdk-rocket") {
        @Override
        List<String> servers(ClientProperties properties) {
            return properties.getRocket().getNameServers();
        }

        @Override
        TransportFactory ofUri(
                String property, String uri, String client, ClientProperties properties, TlsSettings tls) {
            return RocketOptions.ofUri(property, uri, prefix(client), properties.getRocket(), tls);
        }

        @Override
        TransportFactory ofServers(String property, String client, ClientProperties properties, TlsSettings tls) {
            return RocketOptions.ofNameServers(
                    property, joined(properties), prefix(client), properties.getRocket(), tls);
        }

        @Override
        String login(String client) {
            return prefix(client) + "access-key and " + prefix(client) + "secret-key";
        }
    },
    ARTEMIS("artemis", "artemis.", "addresses", "io.oncemq.jms.Artemis", "sdk-jms") {
        @Override
        List<String> servers(ClientProperties properties) {
            return properties.getArtemis().getAddresses();
        }

        @Override
        TransportFactory ofUri(
                String property, String uri, String client, ClientProperties properties, TlsSettings tls) {
            return ArtemisOptions.ofUri(property, uri, prefix(client), properties.getArtemis(), tls);
        }

        @Override
        TransportFactory ofServers(String property, String client, ClientProperties properties, TlsSettings tls) {
            return ArtemisOptions.ofAddresses(
                    property, joined(properties), prefix(client), properties.getArtemis(), tls);
        }
    },
    ACTIVEMQ("activemq", "activemq.", "addresses", "io.oncemq.jms.ActiveMq", "sdk-jms") {
        @Override
        List<String> servers(ClientProperties properties) {
            return properties.getActivemq().getAddresses();
        }

        @Override
        TransportFactory ofUri(
                String property, String uri, String client, ClientProperties properties, TlsSettings tls) {
            return ActiveMqOptions.ofUri(property, uri, prefix(client), properties.getActivemq(), tls);
        }

        @Override
        TransportFactory ofServers(String property, String client, ClientProperties properties, TlsSettings tls) {
            return ActiveMqOptions.ofAddresses(
                    property, joined(properties), prefix(client), properties.getActivemq(), tls);
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
    abstract TransportFactory ofUri(
            String property, String uri, String client, ClientProperties properties, TlsSettings tls);

    abstract TransportFactory ofServers(String property, String client, ClientProperties properties, TlsSettings tls);
}
