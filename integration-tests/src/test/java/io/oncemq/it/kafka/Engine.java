package io.oncemq.it.kafka;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEventListener;
import io.oncemq.Profile;
import io.oncemq.core.claim.InProcessIdempotency;

/** Clients of the whole engine on the shared broker. */
final class Engine {
    private Engine() {}

    static MessagingClient client(InProcessIdempotency store, MessagingEventListener... listeners) {
        var builder = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(SharedKafka.kafka())
                .idempotency(store);
        for (MessagingEventListener each : listeners) {
            builder.eventListener(each);
        }
        return builder.build();
    }

    /** A new topic with leaders, and the dead letters of its group {@code g}. */
    static String topic(MessagingClient client, String prefix, int partitions) {
        String name = SharedKafka.name(prefix);
        client.ensure(
                DestinationSpec.builder(name).partitions(partitions).group("g").build());
        return name;
    }
}
