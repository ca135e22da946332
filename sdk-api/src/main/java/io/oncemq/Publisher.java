package io.oncemq;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes to one destination and tells honestly what became of each message. Thread-safe.
 *
 * <p>Order: messages of one key are stored in the order in which {@code publish} was called, through retries, reconnects and
 * a replaced client. Calls from several threads are ordered as they reach the publisher.
 *
 * <p>Every future completes by the deadline of {@link PublisherOptions}, in one of three ways: normally with a
 * {@link Receipt} (the broker has stored it), with {@link PublishRejectedException} (certainly not stored), or with
 * {@link PublishOutcomeUnknownException} (may be stored). Futures are completed on a thread of OnceMQ: dependents that block
 * belong on an executor of their own ({@code thenAcceptAsync}).
 */
public interface Publisher<T> extends AutoCloseable {
    String destination();

    /**
     * Hands one message over. Returns at once while the bounds allow; at the bound it blocks until there is room, at the
     * longest until the deadline, and the future then ends as rejected with {@code NOT_ATTEMPTED}.
     *
     * @throws ConfigurationException if the message asks for what the broker does not offer ({@link UnsupportedFeatureException}) or
     *     contradicts itself; nothing is handed over
     * @throws CodecException if the body cannot be encoded; nothing is handed over
     * @throws ClientClosedException if this publisher is closed; nothing is handed over
     */
    CompletableFuture<Receipt> publish(OutboundMessage<T> message);

    /** Publishes each in turn; the futures stand in the order of the messages. Blocks as {@link #publish} does. */
    List<CompletableFuture<Receipt>> publishAll(Collection<OutboundMessage<T>> messages);

    /** Blocks until each message handed over before the call has its outcome, whichever it is. */
    void flush();

    /**
     * Gives up a message whose outcome is unknown, so that its key thaws. It may still turn up on the broker, at any later
     * place. Does not block.
     *
     * @return whether the id was held as unknown
     */
    boolean abandon(String id);

    /** Waits for open outcomes as {@link #flush} does, then refuses further messages. Idempotent. */
    @Override
    void close();
}
