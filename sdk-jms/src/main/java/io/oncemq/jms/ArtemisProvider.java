package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spi.TransportProvider;
import java.net.URI;

/**
 * Knows {@code artemis://host:port,host:port}. Public for the service loader only; applications use {@link Artemis}.
 */
public final class ArtemisProvider implements TransportProvider {
    public ArtemisProvider() {}

    @Override
    public String scheme() {
        return "artemis";
    }

    @Override
    public TransportFactory fromUri(URI uri) {
        String addresses = uri.getRawAuthority();
        if (addresses == null || addresses.indexOf('@') >= 0) {
            throw new ConfigurationException(
                    "transport",
                    "artemis://***",
                    addresses == null ? "names no broker" : "contains credentials, which do not belong in a URI",
                    "Write artemis://host:61616,host:61616, and give the login by"
                            + " Artemis.at(\"host:61616\").login(user, password)");
        }
        String path = uri.getRawPath();
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || path.length() > 1) {
            throw new ConfigurationException(
                    "transport",
                    "artemis://" + addresses + "/…",
                    "has more than addresses",
                    "Set all else with Artemis.at(\"" + addresses + "\")");
        }
        return Artemis.at(addresses);
    }
}
