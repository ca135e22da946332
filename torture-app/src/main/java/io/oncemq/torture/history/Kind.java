package io.oncemq.torture.history;

/** What happened. Which fields of {@link Event} a kind fills in is told by the method of {@link Recorder} that writes it. */
public enum Kind {
    CONFIGURED,

    PUBLISH_INVOKED,
    PUBLISH_ENDED,
    SENT_AGAIN,
    ANSWERED_LATE,
    STILL_OPEN,

    ASSIGNED,
    REVOKING,
    REVOKED,
    LOST,
    RECEIVED,
    ACKNOWLEDGED,

    STORE_ASKED,
    STORE_ANSWERED,

    HANDLER_STARTED,
    HANDLER_ENDED,
    EFFECT,
    DEAD_LETTER_SENT,
    DEAD_LETTER_RETURNED,
    DEAD_LETTER_FOUND,
    DEAD_LETTERS_READ,

    ALIVE,

    STARTED,
    ASKED_TO_CLOSE,
    KILLING,
    DEAD,
    STOPPED,
    CONTINUED,

    NEMESIS_BEGUN,
    NEMESIS_ENDED,
    BROKER_DOWN,
    BROKER_UP,
    STORE_DOWN,
    STORE_UP,
    STORE_DATA_LOST,
    STORE_FAILS_OVER,
    STORE_FAILED_OVER,
    STORE_CLOCK_MOVED,
    SHARDS_CHANGED,
    CAUGHT_UP,
    DESTINATION_RECREATED,

    QUIESCENT,
    GAVE_UP
}
