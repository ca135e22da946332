package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import java.time.Instant;

/**
 * An OAuth 2 access token. {@link #toString} shows when it expires, not the token.
 *
 * @param value the token as it goes over the wire, a JWT for most brokers
 * @param expiresAt a new one is asked for well before
 */
public record BearerToken(String value, Instant expiresAt) {
    public BearerToken {
        if (value.isBlank()) {
            throw new ConfigurationException("oauthBearer", "***", "the token is blank", "Supply a token");
        }
    }

    @Override
    public String toString() {
        return "BearerToken[***, until " + expiresAt + "]";
    }
}
