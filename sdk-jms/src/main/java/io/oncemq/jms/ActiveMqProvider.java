package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spi.TransportProvider;
import java.net.URI;

/**
 * Knows {@code activemq://host:port,host:port}. Public for the service loader only; applications use {@link ActiveMq}.
 */
public final class ActiveMqProvider implements TransportProvider {
    public ActiveMqProvider() {}

    @Override
    public String scheme() {
        return "activemq";
    }

    @Override
    public TransportFactory fromUri(URI uri) {
        String addresses = uri.getRawAuthority();
        if (addresses == null || addresses.indexOf('@') >= 0) {
            throw new ConfigurationException(
                    "transport",
                    "activemq://***",
                    addresses == null ? "names no broker" : "contains credentials, which do not belong in a URI",
                    "Write activemq://host:61616,host:61616");
        }
        String path = uri.getRawPath();
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || path.length() > 1) {
            throw new ConfigurationException(
                    "transport",
                    "activemq://" + addresses + "/…",
                    "has more than addresses",
                    "Set all else with ActiveMq.at(\"" + addresses + "\")");
        }
        return ActiveMq.at(addresses);
    }
}
