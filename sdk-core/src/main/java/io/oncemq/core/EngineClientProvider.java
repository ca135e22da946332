package io.oncemq.core;

import io.oncemq.MessagingClient;
import io.oncemq.Startup;
import io.oncemq.spi.ClientSettings;
import io.oncemq.spi.MessagingClientProvider;
import java.time.Duration;

/** Announces this engine. */
public final class EngineClientProvider implements MessagingClientProvider {
    @Override
    public MessagingClient create(ClientSettings settings) {
        return settings.startup() == Startup.BACKGROUND
                ? LateClient.start(settings.clientId(), () -> connect(settings))
                : connect(settings);
    }

    private static MessagingClient connect(ClientSettings settings) {
        MessagingClient client = EngineClient.connect(settings);
        try {
            settings.preparation().accept(client);
            return client;
        } catch (Throwable e) {
            client.close(Duration.ZERO);
            throw e;
        }
    }
}
