package io.oncemq.quickstart;

import java.time.Duration;

/** What the processes of a run agree on. */
final class Places {
    static final String DESTINATION = "orders";
    static final String GROUP = "billing";
    static final int PARTITIONS = 8;
    /** Handlers that a consumer process runs at once. */
    static final int CONCURRENCY = 16;
    /** For how long the messages of a dead process wait for another one. */
    static final Duration LEASE = Duration.ofSeconds(10);

    private Places() {}
}
