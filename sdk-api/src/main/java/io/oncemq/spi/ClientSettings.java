package io.oncemq.spi;

import io.oncemq.MessagingListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client is built from.
 *
 * @param store null in the declared weaker mode without idempotency
 */
public record ClientSettings(
        String clientId,
        TransportFactory transport,
        @Nullable IdempotencyStoreFactory store,
        boolean virtualThreads,
        List<MessagingListener> listeners) {
    public ClientSettings {
        listeners = List.copyOf(listeners);
    }
}
