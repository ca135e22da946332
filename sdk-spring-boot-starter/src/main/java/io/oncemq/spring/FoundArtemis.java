package io.oncemq.spring;

import io.oncemq.spi.TransportFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.artemis.autoconfigure.ArtemisConnectionDetails;
import org.springframework.boot.artemis.autoconfigure.ArtemisMode;

/** ActiveMQ Artemis as Boot's connection details name it. A broker that Boot embeds has no address and is none. */
record FoundArtemis(ObjectProvider<ArtemisConnectionDetails> provider) implements FoundBroker {
    private static final String SOURCE = "ArtemisConnectionDetails";

    @Override
    public String scheme() {
        return "artemis";
    }

    @Override
    public boolean exists() {
        ArtemisConnectionDetails details = FoundConnections.foreign(provider);
        return details != null && details.getMode() != ArtemisMode.EMBEDDED;
    }

    @Override
    public @Nullable TransportFactory find(String client, ClientProperties properties, TlsSettings tls) {
        String prefix = client + "artemis.";
        ArtemisConnectionDetails details = FoundConnections.foreign(provider);
        if (details == null || details.getMode() == ArtemisMode.EMBEDDED) {
            return null;
        }
        String url = details.getBrokerUrl();
        return ArtemisOptions.ofContainer(
                BrokerUrl.of(SOURCE, url == null ? "" : url),
                details.getUser(),
                details.getPassword(),
                prefix,
                properties.getArtemis(),
                tls);
    }
}
