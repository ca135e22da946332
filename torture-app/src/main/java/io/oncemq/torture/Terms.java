package io.oncemq.torture;

import io.oncemq.DestinationSpec;
import io.oncemq.Profile;
import java.time.Duration;

/** What the processes of a run agree on. Times are short, so that a fault of seconds reaches beyond each of them. */
final class Terms {
    /** One broker and one Redis keep one copy of everything. */
    static final Profile PROFILE = Profile.DEV;

    static final String DESTINATION = "torture";
    static final String GROUP = "workers";
    /** Part of the scope under which the store remembers messages, so that a record can be told from outside. */
    static final String CLUSTER = "torture-cluster";

    static final String DEAD_LETTERS = DestinationSpec.deadLetterName(DESTINATION, GROUP);
    static final int PARTITIONS = 8;
    static final int KEYS = 1_000;
    static final int MEMBERS = 3;

    /** Handlers that a consumer process runs at once. */
    static final int CONCURRENCY = 16;
    /** Messages that it has received and not settled. */
    static final int MAX_IN_FLIGHT = 400;
    /** By so many the last fetch of each partition may exceed its share of that. */
    static final int FETCH = MAX_IN_FLIGHT / 4;

    static final Duration LEASE = Duration.ofSeconds(4);
    static final Duration HANDLER_TIMEOUT = Duration.ofSeconds(40);
    static final Duration DRAIN = Duration.ofSeconds(4);
    /** After which a broker gives the share of a silent process away, where that can be set. */
    static final Duration SESSION = Duration.ofSeconds(6);
    /** Kafka's bound on the time between two polls. */
    static final Duration POLL_INTERVAL = Duration.ofSeconds(10);
    /** After which the outcome of a publish is unknown. */
    static final Duration PUBLISH_DEADLINE = Duration.ofSeconds(8);

    /** So many that only a message whose handler always fails is given up. */
    static final int MAX_ATTEMPTS = 12;

    private Terms() {}
}
