package io.oncemq.spring;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Ensures {@link DestinationSpec} beans by the default client where the application has built it, before listeners start. */
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
        if (client == null || factory.made(client)) {
            return;
        }
        if (client.connected().isDone()) {
            specs.forEach(client::ensure);
        } else {
            client.connected().thenRun(() -> specs.forEach(client::ensure)).exceptionally(failure -> {
                LOG.error("destinations cannot be ensured: client=default", failure);
                return null;
            });
        }
    }
}
