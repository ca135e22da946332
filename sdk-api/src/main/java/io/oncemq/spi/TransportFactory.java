package io.oncemq.spi;

/** The typed options of one adapter, ready to connect. Its {@code toString} is redacted. */
public interface TransportFactory {
    /**
     * Connects; blocks until the broker has answered.
     *
     * @throws io.oncemq.ConfigurationException if an option is refused
     * @throws io.oncemq.ConnectionException if the broker does not answer in time
     * @throws io.oncemq.AuthenticationException if it refuses the credentials
     */
    BrokerTransport open(String clientId);
}
