package io.oncemq.spring;

import io.oncemq.spi.IdempotencyStoreFactory;
import org.jspecify.annotations.Nullable;

/** A store for the default client that Boot's connection details name. */
@FunctionalInterface
interface FoundStore {
    /** Null where there are no such details, or only Boot's own properties. */
    @Nullable
    IdempotencyStoreFactory find(ClientProperties properties, TlsSettings tls);
}
