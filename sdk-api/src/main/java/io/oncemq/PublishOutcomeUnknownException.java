package io.oncemq;

import org.jspecify.annotations.Nullable;

/**
 * The message may or may not be stored: it was handed over and no answer came by the deadline. Hand its future to {@link
 * Publisher#republish}, which sends it again with the same id (consumers with an idempotency store then see one effect), or give
 * it up with {@link Publisher#abandon}. Until one of the two happens its key is blocked: later messages of the key are rejected, so
 * that none overtakes it.
 */
public final class PublishOutcomeUnknownException extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final String destination;
    private final transient @Nullable PublishAttempt attempt;

    public PublishOutcomeUnknownException(String id, String destination, String detail, @Nullable Throwable cause) {
        this(id, destination, detail, cause, null);
    }

    /** @param attempt what {@link Publisher#republish} needs */
    public PublishOutcomeUnknownException(
            String id, String destination, String detail, @Nullable Throwable cause, @Nullable PublishAttempt attempt) {
        super("message " + id + " to " + destination + " may or may not be stored: " + detail, cause);
        this.id = id;
        this.destination = destination;
        this.attempt = attempt;
    }

    public String id() {
        return id;
    }

    public String destination() {
        return destination;
    }

    /** What {@link Publisher#republish} needs; null for a message derived from a delivery, and after deserialisation. */
    public @Nullable PublishAttempt attempt() {
        return attempt;
    }
}
