package io.oncemq;

import java.time.Duration;

/**
 * The way to one broker, with one idempotency store beside it. Thread-safe; meant to live as long as the application.
 */
public interface MessagingClient extends AutoCloseable {
    static MessagingClientBuilder builder() {
        return new MessagingClientBuilder();
    }

    /** What the broker can do. */
    Capabilities capabilities();

    /**
     * Creates a destination, and the dead-letter destinations of its groups, where they are missing, and waits until each of
     * their partitions has a leader that answers. Under {@link Profile#DURABLE} what is left to the broker is asked for durable.
     * Blocks.
     *
     * @throws PreflightException if one of them would not be durable, or exists and is not; nothing is created then
     * @throws ConfigurationException if it exists with another partition count; nothing is changed then
     * @throws ConnectionException if the broker does not answer; the destination may then exist
     */
    void ensure(DestinationSpec destination);

    default <T> Publisher<T> publisher(String destination, Codec<T> codec) {
        return publisher(destination, codec, PublisherOptions.defaults());
    }

    /**
     * A publisher for one destination. Publishers of one client share its connection. The first time a destination is named its
     * settings are read, which blocks for up to about 10 seconds.
     *
     * @throws PreflightException under {@link Profile#DURABLE} if the destination does not exist or is not durable
     * @throws ConnectionException under {@link Profile#DURABLE} if the broker does not answer
     */
    <T> Publisher<T> publisher(String destination, Codec<T> codec, PublisherOptions options);

    /** Starts describing a subscription; nothing happens before its {@code handle}. */
    <T> SubscriptionBuilder<T> subscribe(String destination, Codec<T> codec);

    /** Closes with the deadline of 30 s. */
    @Override
    void close();

    /** Closes subscriptions, then publishers, then the connections, within the deadline. Blocks; idempotent. */
    void close(Duration deadline);
}
