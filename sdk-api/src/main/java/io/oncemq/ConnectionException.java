package io.oncemq;

import org.jspecify.annotations.Nullable;

/** The broker could not be reached in time. The call that threw it had no effect on any message. */
public final class ConnectionException extends MessagingException {
    private static final long serialVersionUID = 1L;

    public ConnectionException(String message) {
        super(message);
    }

    public ConnectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
