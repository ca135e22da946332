package io.oncemq;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message whose attempts are spent or whose failure is not retryable. Default: it is dead-lettered to
 * {@code <destination>.<group>.dlq}, and a letter that is too large there holds its key. Immutable.
 */
public final class DeadLetterPolicy {
    private static final DeadLetterPolicy DEFAULTS = builder().build();

    private final OnExhausted onExhausted;
    private final @Nullable String destination;
    private final TooLarge tooLarge;

    private DeadLetterPolicy(Builder builder) {
        this.onExhausted = builder.onExhausted;
        this.destination = builder.destination;
        this.tooLarge = builder.tooLarge;
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
        return DEFAULTS;
    }

    /** As {@link Builder#to}. */
    public static DeadLetterPolicy to(String destination) {
        return builder().to(destination).build();
    }

    /** As {@link Builder#block}. */
    public static DeadLetterPolicy block() {
        return builder().block().build();
    }

    /** As {@link Builder#parkKey}. */
    public static DeadLetterPolicy parkKey() {
        return builder().parkKey().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with this policy. */
    public Builder toBuilder() {
        Builder builder = builder().onExhausted(onExhausted).tooLarge(tooLarge);
        builder.destination = destination;
        return builder;
    }

    public OnExhausted onExhausted() {
        return onExhausted;
    }

    /** Where dead letters go; null stands for {@code <destination>.<group>.dlq}. */
    public @Nullable String destination() {
        return destination;
    }

    /** What becomes of a message that the dead-letter destination refuses because of its size. */
    public TooLarge tooLarge() {
        return tooLarge;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeadLetterPolicy that
                && onExhausted == that.onExhausted
                && Objects.equals(destination, that.destination)
                && tooLarge == that.tooLarge;
    }

    @Override
    public int hashCode() {
        return Objects.hash(onExhausted, destination, tooLarge);
    }

    @Override
    public String toString() {
        return "DeadLetterPolicy[onExhausted=" + onExhausted + ", destination=" + destination + ", tooLarge=" + tooLarge
                + "]";
    }

    /** Sets what differs from the defaults. Not thread-safe. */
    public static final class Builder {
        private OnExhausted onExhausted = OnExhausted.DEAD_LETTER;
        private @Nullable String destination;
        private TooLarge tooLarge = TooLarge.HOLD;

        private Builder() {}

        /** Default: {@link OnExhausted#DEAD_LETTER}. */
        public Builder onExhausted(OnExhausted choice) {
            this.onExhausted = Objects.requireNonNull(choice, "choice");
            return this;
        }

        /** Where dead letters go, in place of {@code <destination>.<group>.dlq}. */
        public Builder to(String destination) {
            this.destination = Objects.requireNonNull(destination, "destination");
            return this;
        }

        /**
         * Never dead-letters on spent attempts. Bodies that cannot be decoded block their key as well. Expired messages, and dead letters that
         * were begun under another policy, still go to {@code <destination>.<group>.dlq}. That destination is checked at start like that of the
         * other policies, but may be missing: such a message then holds its key, and {@link MessagingEvent.DeadLetterDelayed} is emitted.
         */
        public Builder block() {
            return onExhausted(OnExhausted.BLOCK);
        }

        /** Sets the key aside. Not offered yet: asking for it fails at start. */
        public Builder parkKey() {
            return onExhausted(OnExhausted.PARK_KEY);
        }

        /** Default: {@link TooLarge#HOLD}. */
        public Builder tooLarge(TooLarge choice) {
            this.tooLarge = Objects.requireNonNull(choice, "choice");
            return this;
        }

        public DeadLetterPolicy build() {
            return new DeadLetterPolicy(this);
        }
    }
}
