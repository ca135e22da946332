package io.oncemq.spring;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Reports Boot's connection details that no client uses, since only named clients with places of their own are configured. */
final class UnusedDetails implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(UnusedDetails.class);

    private final Clients clients;
    private final ClientFactory factory;

    UnusedDetails(Clients clients, ClientFactory factory) {
        this.clients = clients;
        this.factory = factory;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<String> unused = clients.hasDefault() ? List.of() : factory.unusedDetails();
        if (!unused.isEmpty()) {
            LOG.warn(
                    "connection details are used by no client, since there is no default client: brokers={} remedy=\"set oncemq.transport to"
                            + " a URI of that scheme, or remove the address of the client that shall use them\"",
                    unused);
        }
    }
}
