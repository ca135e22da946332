package io.oncemq.bench;

import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.Profile;

/** Connects OnceMQ to the servers. */
final class OnceClients {
    private final Bed bed;
    private final Store store;

    OnceClients(Bed bed, Store store) {
        this.bed = bed;
        this.store = store;
    }

    MessagingClient forPublishing() {
        return builder().transport(bed.transport()).withoutIdempotency().build();
    }

    /** @param first notes when the first message arrives */
    MessagingClient forConsuming(boolean remember, boolean virtualThreads, FirstArrival first) {
        MessagingClientBuilder client =
                builder().transport(first.watching(bed.transport())).virtualThreads(virtualThreads);
        return (remember ? client.idempotency(store.uri()) : client.withoutIdempotency()).build();
    }

    private static MessagingClientBuilder builder() {
        return MessagingClient.builder().profile(Profile.DEV);
    }
}
