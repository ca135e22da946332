package io.oncemq;

import org.jspecify.annotations.Nullable;

/** The client, publisher or subscription is closed. A message whose publish fails with this was never handed to the broker. */
public final class ClientClosedException extends MessagingException {
    private static final long serialVersionUID = 1L;

    public ClientClosedException(String message) {
        super(message);
    }

    public ClientClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
