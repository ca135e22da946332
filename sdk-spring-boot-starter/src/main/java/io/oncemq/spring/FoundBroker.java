package io.oncemq.spring;

import io.oncemq.spi.TransportFactory;
import org.jspecify.annotations.Nullable;

/** A broker for the default client that Boot's connection details name. */
interface FoundBroker {
    /** The scheme that its URIs would have. */
    String scheme();

    /** Null where there are no such details, or only Boot's own properties. */
    @Nullable
    TransportFactory find(ClientProperties properties, TlsSettings tls);
}
