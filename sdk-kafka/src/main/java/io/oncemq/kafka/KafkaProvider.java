package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.NearestName;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spi.TransportProvider;
import java.net.URI;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Knows {@code kafka://host:port,host:port} with {@code ?group.protocol=classic|consumer} and {@code &consumer.groups=subscription|group}.
 * Public for the service loader only; applications use {@link Kafka}.
 */
public final class KafkaProvider implements TransportProvider {
    private static final String PROTOCOL = ConsumerConfig.GROUP_PROTOCOL_CONFIG + "=";
    private static final String GROUPS = ConsumerGroups.OPTION + "=";

    private static final List<String> OPTIONS = List.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, ConsumerGroups.OPTION);

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
        if (uri.getRawFragment() != null || !(path.isEmpty() || path.equals("/"))) {
            throw more(servers);
        }
        Kafka kafka = Kafka.at(servers);
        for (String option : query == null ? new String[0] : query.split("&", -1)) {
            kafka = with(kafka, servers, option);
        }
        return kafka;
    }

    private static Kafka with(Kafka kafka, String servers, String option) {
        if (option.startsWith(PROTOCOL)) {
            return kafka.groupProtocol(GroupProtocol.of(option.substring(PROTOCOL.length())));
        }
        if (option.startsWith(GROUPS)) {
            return kafka.consumerGroups(ConsumerGroups.of(option.substring(GROUPS.length())));
        }
        int equals = option.indexOf('=');
        String name = equals < 0 ? option : option.substring(0, equals);
        String near = NearestName.to(name, OPTIONS);
        if (near == null) {
            throw more(servers);
        }
        throw new ConfigurationException(
                "transport",
                "kafka://" + servers + "?" + name,
                "has an unknown option",
                "Did you mean " + near + "=…?");
    }

    private static ConfigurationException more(String servers) {
        return new ConfigurationException(
                "transport",
                "kafka://" + servers + "/…",
                "has more than brokers, a group protocol and consumer groups",
                "Set properties with Kafka.at(\"" + servers + "\").clientProperty(name, value)");
    }
}
