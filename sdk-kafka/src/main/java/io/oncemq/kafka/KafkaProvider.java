package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spi.TransportProvider;
import java.net.URI;

/** Knows {@code kafka://host:port,host:port}. Public for the service loader only; applications use {@link Kafka}. */
public final class KafkaProvider implements TransportProvider {
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
                    servers == null ? "names no broker" : "carries credentials, which do not belong into a URI",
                    "Write kafka://host:9092,host:9092, and give the login by Kafka.at(\"host:9092\").scram(user,"
                            + " password)");
        }
        String path = uri.getRawPath();
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || !(path.isEmpty() || path.equals("/"))) {
            throw new ConfigurationException(
                    "transport",
                    "kafka://" + servers + "/…",
                    "has more than brokers",
                    "Set properties with Kafka.at(\"" + servers + "\").clientProperty(name, value)");
        }
        return Kafka.at(servers);
    }
}
