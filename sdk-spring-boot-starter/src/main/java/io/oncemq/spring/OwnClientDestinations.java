package io.oncemq.spring;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Ensures {@link DestinationSpec} beans by the default client where the application has built it without the starter's builder, before
 * listeners start.
 */
final class OwnClientDestinations implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(OwnClientDestinations.class);

    private final Clients clients;
    private final ClientFactory factory;
    private final DestinationBeans destinations;

    OwnClientDestinations(Clients clients, ClientFactory factory, DestinationBeans destinations) {
        this.clients = clients;
        this.factory = factory;
        this.destinations = destinations;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<DestinationSpec> specs = destinations.of(ClientNames.DEFAULT);
        MessagingClient client = specs.isEmpty() ? null : clients.all().get("default");
        if (client == null) {
            return;
        }
        if (client.connected().isDone()) {
            ensure(client, specs);
        } else {
            client.connected().thenRun(() -> ensure(client, specs)).exceptionally(failure -> {
                LOG.error("destinations cannot be ensured: client=default", failure);
                return null;
            });
        }
    }

    /** Of a connected client. */
    private void ensure(MessagingClient client, List<DestinationSpec> specs) {
        if (!factory.hasEnsured(client)) {
            specs.forEach(client::ensure);
        }
    }
}
