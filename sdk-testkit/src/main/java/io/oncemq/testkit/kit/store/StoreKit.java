package io.oncemq.testkit.kit.store;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.oncemq.CrashPolicy;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.Owner;
import io.oncemq.testkit.kit.store.StoreFixture.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** What both kits of a store share: a group of its own for each test, and clients that are closed after it. */
abstract class StoreKit {
    /** Not even a slow restart of a server takes so long. */
    static final Duration LONG = Duration.ofMinutes(5);

    static final Duration SHORT = Duration.ofMillis(200);
    static final Duration PAST_SHORT = Duration.ofMillis(250);

    /** For a server that shall not answer: soon over, but not when a sound server stands still for a moment. */
    static final Client HASTY = Client.DEFAULT.timeout(Duration.ofSeconds(5));

    private final String group = "kit-" + UUID.randomUUID();
    private final List<IdempotencyStore> opened = new ArrayList<>();

    /** The store under test; it may be the same for all tests. */
    protected abstract StoreFixture fixture();

    @AfterEach
    final void closeClients() {
        opened.forEach(IdempotencyStore::close);
    }

    final void need(StoreAbility ability) {
        assumeThat(fixture().abilities()).as("the fixture's abilities").contains(ability);
    }

    final IdempotencyStore open(Client client) {
        IdempotencyStore store = fixture().open(client);
        opened.add(store);
        return store;
    }

    /** Another owner, in a process of its own. */
    final Claimant claimant(Duration lease) {
        return claimant(Client.DEFAULT, CrashPolicy.REPROCESS, lease);
    }

    /** An owner in another group. */
    final Claimant stranger(Duration lease) {
        IdempotencyStore store = open(Client.DEFAULT);
        return new Claimant(store.group(group + "-other", CrashPolicy.REPROCESS, lease), new Owner(opened.size(), 1));
    }

    final Claimant claimant(Client client, CrashPolicy policy, Duration lease) {
        IdempotencyStore store = open(client);
        return new Claimant(store.group(group, policy, lease), new Owner(opened.size(), 1));
    }
}
