package io.oncemq;

import org.jspecify.annotations.Nullable;

/**
 * The message may or may not be stored: it was handed over and no answer came by the deadline. Publish it again with the
 * same id (consumers with an idempotency store then see one effect), or give it up with {@link Publisher#abandon}. Until
 * one of the two happens its key is frozen: later messages of the key are rejected, so that none overtakes it.
 */
public final class PublishOutcomeUnknownException extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final String destination;

    public PublishOutcomeUnknownException(String id, String destination, String detail, @Nullable Throwable cause) {
        super("message " + id + " to " + destination + " may or may not be stored: " + detail, cause);
        this.id = id;
        this.destination = destination;
    }

    public String id() {
        return id;
    }

    public String destination() {
        return destination;
    }
}
