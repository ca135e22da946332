package io.oncemq.rocket;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spi.TransportProvider;
import java.net.URI;

/**
 * Knows {@code rocketmq://host:port,host:port/namespace}, name servers; without a path there is no namespace. Public for the service loader
 * only; applications use {@link Rocket}.
 */
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
                    servers == null ? "names no name server" : "contains credentials, which do not belong in a URI",
                    "Write rocketmq://host:9876,host:9876/namespace, and give credentials by"
                            + " Rocket.at(\"host:9876\").credentials(accessKey, secretKey)");
        }
        String path = uri.getRawPath();
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || path.indexOf('/', 1) > 0) {
            throw new ConfigurationException(
                    "transport",
                    "rocketmq://" + servers + "/…",
                    "has more than name servers and a namespace",
                    "Set all else with Rocket.at(\"" + servers + "\")");
        }
        Rocket rocket = Rocket.at(servers);
        return path.length() < 2 ? rocket : rocket.namespace(path.substring(1));
    }
}
