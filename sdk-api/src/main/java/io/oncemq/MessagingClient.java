package io.oncemq;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A connection to one broker with an optional idempotency store. Thread-safe; meant to live as long as the application.
 */
public interface MessagingClient extends AutoCloseable {
    static MessagingClientBuilder builder() {
        return new MessagingClientBuilder();
    }

    /**
     * What the broker can do.
     *
     * @throws ConnectionException if the client is not connected yet, see {@link #connected}
     */
    Capabilities capabilities();

    /**
     * Completes when the client is connected and its preparation is over: with {@link Startup#REQUIRED} that is so from the start. With
     * {@link Startup#BACKGROUND}, servers that do not answer, and credentials that are refused, are tried again, after 0.5 to 10 seconds,
     * until the client is closed. A setting that is refused ends the start: the future then fails with the {@link ConfigurationException},
     * such as a {@link PreflightException}, and so does each later call of this client. Dependents run on the daemon thread that connects,
     * and may block.
     *
     * @return a future of its own for each call; it fails with a {@link ClientClosedException} if the client is closed before
     */
    default CompletableFuture<Void> connected() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Asks the broker for a sign of life. Blocks for its answer, about 10 seconds at most.
     *
     * @throws ConnectionException if there is none
     * @throws AuthenticationException if the credentials are refused by now
     */
    void pingBroker();

    /**
     * As {@link #pingBroker}, for the idempotency store; does nothing without one.
     *
     * @throws ConnectionException if there is no answer, of one of its servers if there are several
     * @throws AuthenticationException if the credentials are refused by now
     */
    void pingStore();

    /**
     * Creates a destination, and the dead-letter destinations of its groups, where they are missing, and waits until each of
     * their partitions has a leader that answers. Under {@link Profile#DURABLE} settings that are left to the broker are requested as durable.
     * Accepts the number of partitions, as {@link #acceptPartitions} does. Blocks.
     *
     * @throws PreflightException if one of them would not be durable, or exists and is not; nothing is created then
     * @throws ConfigurationException if it exists with another partition count; nothing is changed then
     * @throws ConnectionException if the broker does not answer; the destination may then exist
     */
    void ensure(DestinationSpec destination);

    /**
     * Accepts a new number of partitions of a destination. A key's partition follows from their number. So when it changes, keyed messages
     * of this client wait (until their deadline, then they end as {@code NOT_ATTEMPTED}) until the change is accepted: by this call, by
     * {@link PublisherOptions.Builder#partitions(int)} at the next start, or by {@link #ensure}. A moved key's later messages may be handled before
     * earlier ones that still wait in its old partition; to avoid that, accept when consumers have caught up. Does not block; waiting
     * messages are sent within seconds.
     *
     * @throws ConfigurationException if it is below 1
     */
    void acceptPartitions(String destination, int partitions);

    default <T> Publisher<T> publisher(String destination, Codec<T> codec) {
        return publisher(destination, codec, PublisherOptions.defaults());
    }

    /**
     * A publisher for one destination. Publishers of one client share its connection. The first time a destination is named its
     * settings are read, which blocks for up to about 10 seconds; later ones are created at once, also while the broker is unreachable.
     * So create publishers when the application starts, and not with each message.
     *
     * @throws PreflightException under {@link Profile#DURABLE} if the destination does not exist or is not durable
     * @throws ConnectionException under {@link Profile#DURABLE} if the broker does not answer the first time; nothing is opened
     *     then, and the next call asks again. Under {@link Profile#DEV} the publisher is made all the same, and its messages wait
     *     for the broker to their deadline
     * @throws ConfigurationException if its {@code partitions} contradict what this client places keys over
     */
    <T> Publisher<T> publisher(String destination, Codec<T> codec, PublisherOptions options);

    /** A subscription to be configured; nothing happens before {@link SubscriptionBuilder#start}. */
    @CheckReturnValue
    <T> SubscriptionBuilder<T> subscription(String destination, Codec<T> codec);

    /**
     * Looks among the messages that the broker still has, for people who want to know what became of one; not for the way of messages, since
     * a message that was just confirmed may be found a little later; of very many messages only the newest are found. Blocks.
     *
     * @return in the order of their time
     * @throws UnsupportedFeatureException if the broker does not offer {@link Feature#FIND}
     * @throws ConfigurationException if the destination does not exist, or the broker keeps no index of such values
     * @throws ConnectionException if a server that may have some does not answer
     */
    List<FoundMessage> find(String destination, MessageQuery query);

    /** Closes with the deadline of 30 s. */
    @Override
    void close();

    /**
     * Closes subscriptions, then publishers, then the connections. One deadline holds for all of them: this method returns 1 second after
     * it at the latest, whatever hangs, and no thread of OnceMQ then keeps the process from ending. Up to 2 seconds of the deadline, and at
     * most a fifth, are kept for what comes after the handlers. An exception is logged, and the next part is closed all the same; a part
     * that hangs is left behind, and the log names it.
     *
     * <p>After an overrun, messages whose handler still ran are not done and are delivered again; their handlers are interrupted. Messages
     * that are done and not acknowledged are delivered again and suppressed. The future of each open publish has ended: as unknown, or as
     * not attempted if the broker's client never had it.
     *
     * <p>Idempotent; a later call with an earlier deadline shortens the first one. Blocks, also where another thread has begun to close. An
     * interrupt does not cut it short: the flag is kept. Called by a handler, a listener or a continuation of a publish it would wait for
     * its own caller: there it begins to close and returns at once.
     */
    void close(Duration deadline);
}
