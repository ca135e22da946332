package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spi.TransportProvider;
import java.net.URI;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Knows {@code kafka://host:port,host:port} with {@code ?group.protocol=classic|consumer}. Public for the service loader only; applications use {@link Kafka}. */
public final class KafkaProvider implements TransportProvider {
    private static final String PROTOCOL = ConsumerConfig.GROUP_PROTOCOL_CONFIG + "=";

    public KafkaProvider() {}

    @Override
    public String scheme() {
        return "kafka";
    }

    @Override
    public TransportFactory fromUri(URI uri) {
        String servers = uri.getRawAuthority();
        if (servers == null || servers.indexOf('@') >= 0) {
            throw new ConfigurationException(
                    "transport",
                    "kafka://***",
                    servers == null ? "names no broker" : "contains credentials, which do not belong in a URI",
                    "Write kafka://host:9092,host:9092, and give the login by Kafka.at(\"host:9092\").scram(user,"
                            + " password)");
        }
        String path = uri.getRawPath();
        String query = uri.getRawQuery();
        boolean known = query == null || query.startsWith(PROTOCOL) && query.indexOf('&') < 0;
        if (!known || uri.getRawFragment() != null || !(path.isEmpty() || path.equals("/"))) {
            throw new ConfigurationException(
                    "transport",
                    "kafka://" + servers + "/…",
                    "has more than brokers and a group protocol",
                    "Set properties with Kafka.at(\"" + servers + "\").clientProperty(name, value)");
        }
        Kafka kafka = Kafka.at(servers);
        return query == null ? kafka : kafka.groupProtocol(GroupProtocol.of(query.substring(PROTOCOL.length())));
    }
}
