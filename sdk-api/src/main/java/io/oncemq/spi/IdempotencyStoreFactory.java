package io.oncemq.spi;

/** The typed options of one store, ready to connect. Its {@code toString} is redacted. */
public interface IdempotencyStoreFactory {
    /**
     * Connects; blocks until the store has answered.
     *
     * @throws io.oncemq.ConfigurationException if an option, or a setting of the server, is refused
     * @throws io.oncemq.ConnectionException if the store does not answer in time
     * @throws io.oncemq.AuthenticationException if it refuses the credentials
     */
    IdempotencyStore open();
}
