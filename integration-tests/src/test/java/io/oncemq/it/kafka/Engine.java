package io.oncemq.it.kafka;

import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingListener;
import io.oncemq.Profile;
import io.oncemq.core.claim.InProcessIdempotency;

/** Clients of the whole engine on the shared broker. */
final class Engine {
    private Engine() {}

    static MessagingClient client(InProcessIdempotency store, MessagingListener... listeners) {
        var builder = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(SharedKafka.kafka())
                .idempotency(store);
        for (MessagingListener each : listeners) {
            builder.listener(each);
        }
        return builder.build();
    }

    /** A new topic with leaders, and the dead letters of its group {@code g}. */
    static String topic(MessagingClient client, String prefix, int partitions) {
        String name = SharedKafka.name(prefix);
        client.ensure(DestinationSpec.of(name).partitions(partitions).group("g"));
        return name;
    }
}
