package io.oncemq.torture.history;

/** What has to become of a message that is stored. */
public enum Expected {
    /** Its handler succeeds in the end. */
    EFFECT,
    /** No handler can read it: a dead letter without an attempt. */
    UNREADABLE,
    /** Its handler fails for good: a dead letter after the first attempt that ends. */
    POISON,
    /** Each attempt fails: a dead letter after the last attempt of the policy. */
    EXHAUSTED;

    /** Whether it has to become a dead letter, by the name of one of these; false for a name that is none. */
    public static boolean isDeadLetter(String name) {
        return name.equals(UNREADABLE.name()) || name.equals(POISON.name()) || name.equals(EXHAUSTED.name());
    }
}
