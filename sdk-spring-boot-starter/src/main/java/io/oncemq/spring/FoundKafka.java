package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.TransportFactory;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;

/** Kafka as Boot's connection details name it. */
record FoundKafka(ObjectProvider<KafkaConnectionDetails> provider) implements FoundBroker {
    private static final String SOURCE = "KafkaConnectionDetails";

    @Override
    public String scheme() {
        return "kafka";
    }

    @Override
    public boolean exists() {
        return FoundConnections.foreign(provider) != null;
    }

    @Override
    public @Nullable TransportFactory find(String client, ClientProperties properties, TlsSettings tls) {
        String prefix = client + "kafka.";
        KafkaConnectionDetails details = FoundConnections.foreign(provider);
        if (details == null) {
            return null;
        }
        KafkaProperties kafka = properties.getKafka();
        FoundConnections.requirePlain(SOURCE, details.getSslBundle(), prefix, kafka.getTls(), tls);
        List<String> protocols = protocols(details);
        if (protocols.stream().anyMatch(each -> each.startsWith("SASL_")) && !logsIn(kafka)) {
            throw new ConfigurationException(
                    prefix + "username",
                    "(none)",
                    "is missing, and the " + SOURCE + " require a login (" + String.join(", ", protocols) + ")",
                    "Set " + prefix + "username and " + prefix + "password");
        }
        boolean encrypted = protocols.stream().anyMatch(each -> each.endsWith("SSL"));
        return KafkaOptions.ofServers(
                SOURCE,
                String.join(",", details.getBootstrapServers()),
                prefix,
                kafka,
                encrypted ? tls.requiredBy(SOURCE) : tls);
    }

    /** Clients of one kind may have another protocol than the others; here all share a connection, so the strongest counts. */
    private static List<String> protocols(KafkaConnectionDetails details) {
        return Stream.of(
                        details.getSecurityProtocol(),
                        details.getConsumer().getSecurityProtocol(),
                        details.getProducer().getSecurityProtocol(),
                        details.getAdmin().getSecurityProtocol())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private static boolean logsIn(KafkaProperties kafka) {
        return kafka.getUsername() != null
                || kafka.getPassword() != null
                || kafka.getProperties().containsKey("sasl.jaas.config");
    }
}
