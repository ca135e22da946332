package io.oncemq.spi;

import java.net.URI;

/** Announces an adapter to {@link java.util.ServiceLoader} by the scheme of its URIs. */
public interface TransportProvider {
    String scheme();

    /** @throws io.oncemq.ConfigurationException if the URI lacks or misnames something */
    TransportFactory fromUri(URI uri);
}
