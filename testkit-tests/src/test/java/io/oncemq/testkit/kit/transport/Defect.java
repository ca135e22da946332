package io.oncemq.testkit.kit.transport;

/** A way in which a transport can break its promises. */
enum Defect {
    NONE,
    /** Takes a message for acknowledged as soon as it is delivered. */
    ACKS_EARLY,
    /** Forgets what it confirmed last when connections break. */
    LOSES_ON_RECONNECT,
    /** Now and then swaps two neighbours. */
    REORDERS_A_KEY,
    /** Confirms what it cannot store. */
    REPORTS_A_TIMEOUT_AS_SUCCESS,
    /** Delivers though it was asked to pause. */
    IGNORES_PAUSES,
    /** Stores no position. */
    FORGETS_ACKNOWLEDGEMENTS,
    /** Lets a new group begin after the messages that are there. */
    STARTS_AT_THE_END,
    /** Leaves messages without a body out. */
    DROPS_TOMBSTONES,
    /** Delivers nothing of any partition while it drains one. */
    STOPS_WHILE_IT_DRAINS,
    /** Does not say which address it could not reach. */
    NAMES_NO_ADDRESS,
    /** Confirms what the user has no right to publish, and does not store it. */
    CONFIRMS_WHAT_IS_FORBIDDEN,
    /** Ends a running source when its user is refused. */
    ENDS_AT_A_REFUSAL,
    /** Does so only where the source has no partition. */
    STANDBY_ENDS_AT_A_REFUSAL
}
