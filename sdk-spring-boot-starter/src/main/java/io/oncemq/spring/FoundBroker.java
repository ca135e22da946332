package io.oncemq.spring;

import io.oncemq.spi.TransportFactory;
import org.jspecify.annotations.Nullable;

/** A broker that Boot's connection details name. */
interface FoundBroker {
    /** The scheme that its URIs would have. */
    String scheme();

    /** False where there are no such details, or only Boot's own properties. */
    boolean exists();

    /**
     * Null where it does not {@linkplain #exists exist}.
     *
     * @param client what the client's properties begin with, with its dot
     */
    @Nullable
    TransportFactory find(String client, ClientProperties properties, TlsSettings tls);
}
