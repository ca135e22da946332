package io.oncemq.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spi.TransportProvider;
import java.net.URI;
import java.net.URLDecoder;

/**
 * Knows {@code amqp://host:port,host:port/vhost}; without a path the virtual host is {@code /}. Public for the service loader only;
 * applications use {@link Rabbit}.
 */
public final class RabbitProvider implements TransportProvider {
    public RabbitProvider() {}

    @Override
    public String scheme() {
        return "amqp";
    }

    @Override
    public TransportFactory fromUri(URI uri) {
        String addresses = uri.getRawAuthority();
        if (addresses == null || addresses.indexOf('@') >= 0) {
            throw new ConfigurationException(
                    "transport",
                    "amqp://***",
                    addresses == null ? "names no server" : "contains credentials, which do not belong in a URI",
                    "Write amqp://host:5672,host:5672/vhost, and give the login by"
                            + " Rabbit.at(\"host:5672\").login(user, password)");
        }
        String path = uri.getRawPath();
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || path.indexOf('/', 1) > 0) {
            throw new ConfigurationException(
                    "transport",
                    "amqp://" + addresses + "/…",
                    "has more than servers and a virtual host",
                    "Write a slash in the virtual host's name as %2F, and set all else with Rabbit.at(\"" + addresses
                            + "\")");
        }
        Rabbit rabbit = Rabbit.at(addresses);
        return path.length() < 2
                ? rabbit
                : rabbit.vhost(URLDecoder.decode(path.substring(1).replace("+", "%2B"), UTF_8));
    }
}
