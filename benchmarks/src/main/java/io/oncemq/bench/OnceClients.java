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

    MessagingClient withStore(boolean virtualThreads) {
        return builder().virtualThreads(virtualThreads).idempotency(store.uri()).build();
    }

    MessagingClient withoutStore() {
        return withoutStore(false);
    }

    MessagingClient withoutStore(boolean virtualThreads) {
        return builder().virtualThreads(virtualThreads).withoutIdempotency().build();
    }

    private MessagingClientBuilder builder() {
        return MessagingClient.builder().profile(Profile.DEV).transport(bed.transport());
    }
}
