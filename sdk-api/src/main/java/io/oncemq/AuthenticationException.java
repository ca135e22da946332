package io.oncemq;

import org.jspecify.annotations.Nullable;

/** The broker or the store refused the credentials. Nothing was published or consumed by the call that threw it. */
public final class AuthenticationException extends MessagingException {
    private static final long serialVersionUID = 1L;

    public AuthenticationException(String message) {
        super(message);
    }

    public AuthenticationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
