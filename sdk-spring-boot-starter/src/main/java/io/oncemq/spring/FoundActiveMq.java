package io.oncemq.spring;

import io.oncemq.spi.TransportFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.activemq.autoconfigure.ActiveMQConnectionDetails;

/** ActiveMQ Classic as Boot's connection details name it. */
record FoundActiveMq(ObjectProvider<ActiveMQConnectionDetails> provider) implements FoundBroker {
    private static final String SOURCE = "ActiveMQConnectionDetails";

    @Override
    public String scheme() {
        return "activemq";
    }

    @Override
    public boolean exists() {
        return FoundConnections.foreign(provider) != null;
    }

    @Override
    public @Nullable TransportFactory find(String client, ClientProperties properties, TlsSettings tls) {
        String prefix = client + "activemq.";
        ActiveMQConnectionDetails details = FoundConnections.foreign(provider);
        return details == null
                ? null
                : ActiveMqOptions.ofContainer(
                        BrokerUrl.of(SOURCE, details.getBrokerUrl()),
                        details.getUser(),
                        details.getPassword(),
                        prefix,
                        properties.getActivemq(),
                        tls);
    }
}
