package io.oncemq.torture.history;

/** What has to become of a message that is stored. */
public enum Expected {
    /** Its handler succeeds in the end. */
    EFFECT,
    /** No handler can read it, or each attempt fails. */
    DEAD_LETTER
}
