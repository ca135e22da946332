package io.oncemq.core;

import io.oncemq.MessagingClient;
import io.oncemq.spi.ClientSettings;
import io.oncemq.spi.MessagingClientProvider;

/** Announces this engine. */
public final class EngineClientProvider implements MessagingClientProvider {
    @Override
    public MessagingClient create(ClientSettings settings) {
        return EngineClient.connect(settings);
    }
}
