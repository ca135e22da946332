package io.oncemq;

/** What an application may ask of a broker; see {@link Capabilities}. */
public enum Feature {
    PUBLISHER_CONFIRMS,
    MANUAL_ACKNOWLEDGEMENT,
    ORDER_PER_KEY,
    CONSUMER_GROUPS,
    DEAD_LETTER,
    RETRY_IN_ORDER,
    BLOCK_ON_EXHAUSTED,
    /** A new group may begin elsewhere than at the oldest message that the broker holds for it. */
    START_POSITION,
    PARK_KEY,
    /** A group's messages can be read once more; see {@link Replay}. */
    REPLAY,
    DELAYED_DELIVERY,
    PRIORITY,
    BROADCAST,
    MESSAGE_TTL,
    TLS,
    QUARANTINE,
    /** Destinations and groups of one name that belong to different tenants of one broker stay apart. */
    TENANCY,
    /** A group may leave out messages; see {@link MessageFilter}. */
    FILTER,
    /** Messages can be looked up by id or key; see {@link MessagingClient#find}. */
    FIND
}
