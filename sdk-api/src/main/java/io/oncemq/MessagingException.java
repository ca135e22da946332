package io.oncemq;

import org.jspecify.annotations.Nullable;

/** The root of everything that OnceMQ throws. Each subclass says in which state the message is. */
public class MessagingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MessagingException(String message) {
        super(message);
    }

    public MessagingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
