package io.oncemq.rocket;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spi.TransportProvider;
import java.net.URI;

/** Knows {@code rocketmq://host:port,host:port}, name servers. Public for the service loader only; applications use {@link Rocket}. */
public final class RocketProvider implements TransportProvider {
    public RocketProvider() {}

    @Override
    public String scheme() {
        return "rocketmq";
    }

    @Override
    public TransportFactory fromUri(URI uri) {
        String servers = uri.getRawAuthority();
        if (servers == null || servers.indexOf('@') >= 0) {
            throw new ConfigurationException(
                    "transport",
                    "rocketmq://***",
                    servers == null ? "names no name server" : "carries credentials, which do not belong into a URI",
                    "Write rocketmq://host:9876,host:9876, and give credentials by"
                            + " Rocket.at(\"host:9876\").credentials(accessKey, secretKey)");
        }
        String path = uri.getRawPath();
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || !(path.isEmpty() || path.equals("/"))) {
            throw new ConfigurationException(
                    "transport",
                    "rocketmq://" + servers + "/…",
                    "has more than name servers",
                    "Set all else with Rocket.at(\"" + servers + "\")");
        }
        return Rocket.at(servers);
    }
}
