package io.oncemq.spi;

import java.net.URI;

/** Announces a store to {@link java.util.ServiceLoader} by the scheme of its URIs. */
public interface IdempotencyStoreProvider {
    String scheme();

    /** @throws io.oncemq.ConfigurationException if the URI lacks or misnames something */
    IdempotencyStoreFactory fromUri(URI uri);
}
