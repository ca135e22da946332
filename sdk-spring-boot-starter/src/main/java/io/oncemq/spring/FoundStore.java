package io.oncemq.spring;

import io.oncemq.spi.IdempotencyStoreFactory;
import org.jspecify.annotations.Nullable;

/** A store that Boot's connection details name. */
@FunctionalInterface
interface FoundStore {
    /**
     * Null where there are no such details, or only Boot's own properties.
     *
     * @param client what the client's properties begin with, with its dot
     */
    @Nullable
    IdempotencyStoreFactory find(String client, ClientProperties properties, TlsSettings tls);
}
