package io.oncemq.quickstart;

import io.oncemq.Profile;
import java.time.Duration;

/** What the processes of a run agree on. */
final class Places {
    /** One Kafka and one Redis keep one copy of everything. */
    static final Profile PROFILE = Profile.DEV;

    static final String DESTINATION = "orders";
    static final String GROUP = "billing";
    /** Part of the scope under which the store remembers messages, so that the audit need not ask the broker for its own name. */
    static final String CLUSTER = "quickstart";

    static final int PARTITIONS = 8;
    /** Handlers that a consumer process runs at once. */
    static final int CONCURRENCY = 16;
    /** For how long the messages of a dead process wait for another one. */
    static final Duration LEASE = Duration.ofSeconds(10);

    private Places() {}
}
