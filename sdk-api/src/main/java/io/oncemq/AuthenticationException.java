package io.oncemq;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two sides do not accept each other: the broker or the store refused the credentials or the client's certificate, or
 * its own certificate is not trusted here. Nothing was published or consumed by the call that threw it. Names the setting to
 * look at where it is known; never carries a secret.
 */
public final class AuthenticationException extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String property;
    private final @Nullable String value;
    private final @Nullable String remedy;

    public AuthenticationException(String message) {
        this(message, (Throwable) null);
    }

    public AuthenticationException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.property = null;
        this.value = null;
        this.remedy = null;
    }

    /** @param value as it may be printed: {@code ***} for a secret */
    public AuthenticationException(
            String property, Object value, String problem, String remedy, @Nullable Throwable cause) {
        super(property + " = " + value + ": " + problem + ". " + remedy, cause);
        this.property = property;
        this.value = String.valueOf(value);
        this.remedy = remedy;
    }

    /** The name of the setting that was refused, if known. */
    public Optional<String> property() {
        return Optional.ofNullable(property);
    }

    /** Its value, if known; never a secret. */
    public Optional<String> value() {
        return Optional.ofNullable(value);
    }

    /** What to do about it, if known. */
    public Optional<String> remedy() {
        return Optional.ofNullable(remedy);
    }
}
