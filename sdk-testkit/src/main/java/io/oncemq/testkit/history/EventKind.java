package io.oncemq.testkit.history;

import java.util.Locale;

/** What happened to a message, or to a process. */
public enum EventKind {
    /** It was handed to the publisher. */
    PUBLISHED,
    /** The publisher reported it as kept by the broker. */
    CONFIRMED,
    /** The publisher could not tell whether the broker has it. */
    UNKNOWN,
    /** The publisher reported that the broker does not have it. */
    REJECTED,
    /** It reached a consumer. */
    DELIVERED,
    /** The handler did its work. */
    EFFECT,
    /** It was recognised as a duplicate and not handled. */
    SUPPRESSED,
    /** The store was told that it is done. */
    DONE,
    /** It went to the dead letter. */
    DEAD_LETTERED,
    /** The process is about to be killed. */
    KILLING,
    /** The process is dead. */
    KILLED;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static EventKind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
