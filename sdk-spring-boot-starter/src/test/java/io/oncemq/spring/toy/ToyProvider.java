package io.oncemq.spring.toy;

import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spi.TransportProvider;
import java.net.URI;

/** Knows {@code toy://name}; {@code toy://away} does not answer. */
public final class ToyProvider implements TransportProvider {
    public ToyProvider() {}

    @Override
    public String scheme() {
        return "toy";
    }

    @Override
    public TransportFactory fromUri(URI uri) {
        String name = uri.getHost();
        if (name == null) {
            throw new ConfigurationException("transport", uri, "names no broker", "Write toy://name");
        }
        return clientId -> {
            if (name.equals("away") || ToyBroker.named(name).isAway()) {
                throw new ConnectionException("the toy " + name + " does not answer");
            }
            return new ToyTransport(ToyBroker.named(name));
        };
    }
}
