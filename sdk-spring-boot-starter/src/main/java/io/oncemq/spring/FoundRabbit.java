package io.oncemq.spring;

import io.oncemq.spi.TransportFactory;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;

/** RabbitMQ as Boot's connection details name it. */
record FoundRabbit(ObjectProvider<RabbitConnectionDetails> provider) implements FoundBroker {
    @Override
    public String scheme() {
        return "amqp";
    }

    @Override
    public boolean exists() {
        return FoundConnections.foreign(provider) != null;
    }

    @Override
    public @Nullable TransportFactory find(String client, ClientProperties properties, TlsSettings tls) {
        String prefix = client + "rabbit.";
        RabbitConnectionDetails details = FoundConnections.foreign(provider);
        if (details == null) {
            return null;
        }
        FoundConnections.requirePlain(
                "RabbitConnectionDetails",
                details.getSslBundle(),
                prefix,
                properties.getRabbit().getTls(),
                tls);
        String addresses = details.getAddresses().stream()
                .map(address -> address.host() + ":" + address.port())
                .collect(Collectors.joining(","));
        return RabbitOptions.ofContainer(
                "RabbitConnectionDetails",
                addresses,
                details.getUsername(),
                details.getPassword(),
                details.getVirtualHost(),
                prefix,
                properties.getRabbit(),
                tls);
    }
}
