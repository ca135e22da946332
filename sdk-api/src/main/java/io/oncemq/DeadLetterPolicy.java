package io.oncemq;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message whose attempts are spent or whose failure is not retryable. Immutable.
 *
 * @param destination where dead letters go; null stands for {@code <destination>.<group>.dlq}
 */
public record DeadLetterPolicy(
        OnExhausted onExhausted, @Nullable String destination) {
    /** The choices. */
    public enum OnExhausted {
        /** Publish it to the dead-letter destination with its original bytes and headers, then go on with the key. */
        DEAD_LETTER,
        /** Keep trying at the longest back-off; the key stays held and nothing behind it overtakes. */
        BLOCK,
        /** Set the key aside. Not offered yet: asking for it fails at start. */
        PARK_KEY
    }

    /** To {@code <destination>.<group>.dlq}. */
    public static DeadLetterPolicy defaults() {
        return new DeadLetterPolicy(OnExhausted.DEAD_LETTER, null);
    }

    public static DeadLetterPolicy to(String destination) {
        return new DeadLetterPolicy(OnExhausted.DEAD_LETTER, destination);
    }

    /** Never dead-letters on spent attempts. Bodies that cannot be decoded block their key as well. */
    public static DeadLetterPolicy block() {
        return new DeadLetterPolicy(OnExhausted.BLOCK, null);
    }

    public static DeadLetterPolicy parkKey() {
        return new DeadLetterPolicy(OnExhausted.PARK_KEY, null);
    }
}
