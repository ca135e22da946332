package io.oncemq.spi;

import io.oncemq.MessagingClient;

/** Announces the engine to {@link java.util.ServiceLoader}. */
public interface MessagingClientProvider {
    MessagingClient create(ClientSettings settings);
}
