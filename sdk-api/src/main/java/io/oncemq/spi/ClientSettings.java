package io.oncemq.spi;

import io.oncemq.MessageInterceptor;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEventListener;
import io.oncemq.Profile;
import io.oncemq.Startup;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client is built from.
 *
 * @param store null in the declared weaker mode without idempotency
 * @param clusterName what the application calls the broker's cluster, or null for the identity that the broker has
 * @param acceptedCluster the identity of a further cluster that may use this name, or null
 * @param acceptedUnchecked settings that {@link Profile#DURABLE} does not insist on reading, each with the reason
 * @param preparation what the application does with the connected client before anything else
 */
public record ClientSettings(
        String clientId,
        TransportFactory transport,
        @Nullable IdempotencyStoreFactory store,
        @Nullable String clusterName,
        @Nullable String acceptedCluster,
        boolean virtualThreads,
        Profile profile,
        Map<String, String> acceptedUnchecked,
        List<MessagingEventListener> listeners,
        List<MessageInterceptor> observers,
        Startup startup,
        Consumer<MessagingClient> preparation) {
    public ClientSettings {
        acceptedUnchecked = Map.copyOf(acceptedUnchecked);
        listeners = List.copyOf(listeners);
        observers = List.copyOf(observers);
    }
}
