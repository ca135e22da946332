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
    public @Nullable TransportFactory find(ClientProperties properties, TlsSettings tls) {
        ActiveMQConnectionDetails details = FoundConnections.foreign(provider);
        return details == null
                ? null
                : ActiveMqOptions.ofContainer(
                        BrokerUrl.of(SOURCE, details.getBrokerUrl()),
                        details.getUser(),
                        details.getPassword(),
                        "oncemq.activemq.",
                        properties.getActivemq(),
                        tls);
    }
}
