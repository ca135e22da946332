package io.oncemq;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message whose attempts are spent or whose failure is not retryable. Immutable.
 *
 * @param destination where dead letters go; null stands for {@code <destination>.<group>.dlq}
 * @param tooLarge what becomes of a message that the dead-letter destination refuses because of its size
 */
public record DeadLetterPolicy(
        OnExhausted onExhausted, @Nullable String destination, TooLarge tooLarge) {
    /** With {@link TooLarge#HOLD}. */
    public DeadLetterPolicy(OnExhausted onExhausted, @Nullable String destination) {
        this(onExhausted, destination, TooLarge.HOLD);
    }

    /** What becomes of a dead letter that exceeds the size limit of its destination. Either way {@link MessagingEvent.DeadLetterTooLarge} is emitted. */
    public enum TooLarge {
        /** The key is held, and the letter is tried again, until the destination takes it. Nothing is lost. */
        HOLD,
        /**
         * A stub is dead-lettered in its place: without body and original headers, with the message's destination, position, id, size and
         * cause. The body stays at that position for as long as the broker keeps it, and is not in the dead letter.
         */
        STUB
    }

    /** The choices. */
    public enum OnExhausted {
        /** Publish it to the dead-letter destination with its original bytes and headers, then continue with the key. */
        DEAD_LETTER,
        /** Keep trying at the longest back-off; the key stays held, and no later message of it overtakes. */
        BLOCK,
        /** Set the key aside. Not offered yet: asking for it fails at start. */
        PARK_KEY
    }

    /** To {@code <destination>.<group>.dlq}. */
    public static DeadLetterPolicy defaults() {
        return new DeadLetterPolicy(OnExhausted.DEAD_LETTER, null, TooLarge.HOLD);
    }

    public static DeadLetterPolicy to(String destination) {
        return new DeadLetterPolicy(OnExhausted.DEAD_LETTER, destination, TooLarge.HOLD);
    }

    /**
     * Never dead-letters on spent attempts. Bodies that cannot be decoded block their key as well. Expired messages, and dead letters that were
     * begun under another policy, still go to {@code <destination>.<group>.dlq}. That destination is checked at start like that of the other
     * policies, but may be missing: such a message then holds its key, and {@link MessagingEvent.DeadLetterDelayed} is emitted.
     */
    public static DeadLetterPolicy block() {
        return new DeadLetterPolicy(OnExhausted.BLOCK, null, TooLarge.HOLD);
    }

    public static DeadLetterPolicy parkKey() {
        return new DeadLetterPolicy(OnExhausted.PARK_KEY, null, TooLarge.HOLD);
    }

    /** The same policy with another choice for dead letters that are too large. */
    public DeadLetterPolicy tooLarge(TooLarge choice) {
        return new DeadLetterPolicy(onExhausted, destination, choice);
    }
}
