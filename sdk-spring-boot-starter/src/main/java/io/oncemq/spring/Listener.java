package io.oncemq.spring;

import io.oncemq.Codec;
import io.oncemq.MessagingClient;
import io.oncemq.Subscription;
import io.oncemq.SubscriptionBuilder;
import org.springframework.beans.factory.ObjectProvider;

/** One listener, ready to be started, any number of times. */
final class Listener {
    private final String id;
    private final ListenerMethod method;
    private final ListenerSettings settings;
    private final Codec<?> codec;

    Listener(String id, ListenerMethod method, ListenerSettings settings, Codec<?> codec) {
        this.id = id;
        this.method = method;
        this.settings = settings;
        this.codec = codec;
    }

    String id() {
        return id;
    }

    ListenerSettings settings() {
        return settings;
    }

    Subscription start(MessagingClient client, ObjectProvider<SubscriptionCustomizer> customizers) {
        return start(client.subscription(settings.destination(), codec), customizers);
    }

    private <T> Subscription start(SubscriptionBuilder<T> builder, ObjectProvider<SubscriptionCustomizer> customizers) {
        settings.apply(builder);
        customizers.orderedStream().forEach(customizer -> customizer.customize(id, builder));
        try {
            return method.async()
                    ? builder.asyncHandler(method::handleAsync).start()
                    : builder.handler(method::handle).start();
        } catch (RuntimeException e) {
            throw settings.told(e);
        }
    }
}
