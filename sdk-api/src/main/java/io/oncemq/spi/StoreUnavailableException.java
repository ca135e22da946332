package io.oncemq.spi;

import io.oncemq.MessagingException;
import org.jspecify.annotations.Nullable;

/** The store did not answer: each command of the call may or may not have been applied. Safe to repeat. */
public final class StoreUnavailableException extends MessagingException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
