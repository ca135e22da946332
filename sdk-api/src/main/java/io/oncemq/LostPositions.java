package io.oncemq;

/** What a subscription does when its position no longer exists on the broker: retention or truncation overtook it. */
public enum LostPositions {
    /** It stops with an event. Messages may be lost; a person should know. The default. */
    STOP,
    /** It continues at the oldest message that is left, with an event. */
    EARLIEST
}
