package io.oncemq.torture.history;

/** How one try of publishing ended. */
public enum PublishOutcome {
    CONFIRMED,
    /** The broker said no. */
    REJECTED,
    /** It never left the process. */
    NOT_ATTEMPTED,
    UNKNOWN
}
