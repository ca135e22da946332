package io.oncemq;

import org.jspecify.annotations.Nullable;

/**
 * The message is certainly not stored: the broker said no, or it was never handed over. Publishing it again, with the same
 * id or another, cannot make a duplicate.
 */
public final class PublishRejectedException extends MessagingException {
    private static final long serialVersionUID = 1L;

    /** Why it is not stored. */
    public enum Reason {
        /** The broker answered no. */
        REFUSED,
        /** The destination does not exist, or no queue is bound to it. */
        UNROUTABLE,
        /** The encoded message exceeds what the broker or the client accepts. */
        TOO_LARGE,
        /** The credentials may not write to the destination. */
        UNAUTHORIZED,
        /** The deadline passed, or the client closed, before the message was handed over. */
        NOT_ATTEMPTED,
        /** An earlier message of the same key has an unknown outcome; see {@link Publisher#republish}. */
        KEY_FROZEN
    }

    private final String id;
    private final String destination;
    private final Reason reason;
    private final transient @Nullable PublishAttempt attempt;

    public PublishRejectedException(
            String id, String destination, Reason reason, String detail, @Nullable Throwable cause) {
        this(id, destination, reason, detail, cause, null);
    }

    /** @param attempt what {@link Publisher#republish} needs */
    public PublishRejectedException(
            String id,
            String destination,
            Reason reason,
            String detail,
            @Nullable Throwable cause,
            @Nullable PublishAttempt attempt) {
        super("message " + id + " to " + destination + " is not stored (" + reason + "): " + detail, cause);
        this.id = id;
        this.destination = destination;
        this.reason = reason;
        this.attempt = attempt;
    }

    public String id() {
        return id;
    }

    public String destination() {
        return destination;
    }

    public Reason reason() {
        return reason;
    }

    /** What {@link Publisher#republish} needs; null for a message derived from a delivery, and after deserialisation. */
    public @Nullable PublishAttempt attempt() {
        return attempt;
    }
}
