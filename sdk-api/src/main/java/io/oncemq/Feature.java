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
    PARK_KEY,
    REPLAY,
    DELAYED_DELIVERY,
    PRIORITY,
    TRANSACTIONS,
    BROADCAST,
    MESSAGE_TTL,
    TLS,
    QUARANTINE
}
