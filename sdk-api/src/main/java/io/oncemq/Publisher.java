package io.oncemq;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A publisher for one destination. Each message ends as confirmed, rejected or unknown. Thread-safe.
 *
 * <p>Order: messages of one key are stored in the order in which {@code publish} was called, through retries, reconnects and
 * a replaced client. Calls from several threads are ordered as they reach the publisher.
 *
 * <p>Every future completes by the deadline of {@link PublisherOptions}, in one of three ways: normally with a
 * {@link Receipt} (the broker has stored it), with {@link PublishRejectedException} (certainly not stored), or with
 * {@link PublishOutcomeUnknownException} (may be stored).
 *
 * <p>Futures are completed on one thread of OnceMQ per client. A dependent that waits for another publish on this thread would wait
 * for ever. So {@code join} and {@code get} of a future of this client throw {@link IllegalStateException} there, and a dependent that blocks
 * in another way is reported as {@link MessagingEvent.CompletionBlocked}. Dependents that block belong on an executor ({@code
 * thenAcceptAsync}, or {@link PublisherOptions#completeOn}).
 *
 * <p>A future belongs to the application. {@code cancel}, {@code complete} and {@code orTimeout} change only what the application
 * sees: the message is published all the same, and {@link #flush} waits for its real outcome.
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
    @CheckReturnValue
    CompletableFuture<Receipt> publish(OutboundMessage<T> message);

    /**
     * Publishes one message and waits for its outcome: {@link #publish} for code that continues only with a confirmed message. Blocks until the
     * outcome, at the longest until the deadline; an interrupt does not cut the wait short: the flag is kept.
     *
     * @return the broker's confirmation
     * @throws PublishRejectedException if the message is certainly not stored
     * @throws PublishOutcomeUnknownException if the message may be stored; its key is blocked until it is published again or given up
     * @throws IllegalStateException on the thread that completes the futures of this client; the message is published all the same
     * @throws ConfigurationException as {@link #publish} does, and likewise {@link CodecException} and {@link ClientClosedException}: nothing is
     *     handed over
     */
    default Receipt publishAndAwait(OutboundMessage<T> message) {
        try {
            return publish(message).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof MessagingException outcome) {
                throw outcome;
            }
            throw e;
        }
    }

    /** Publishes each in turn; the futures stand in the order of the messages. Blocks as {@link #publish} does. */
    @CheckReturnValue
    List<CompletableFuture<Receipt>> publishAll(Collection<OutboundMessage<T>> messages);

    /**
     * Publishes again, with the same ids, every message whose future has failed: the one call after an outage that was longer than
     * the deadline. Messages of one key are sent in the order of their first publishing, in whatever order the futures are given: those
     * with an unknown outcome, and those that were rejected after them. A key is unblocked when each of its unknown messages is confirmed
     * or given up ({@link #abandon}); until then it takes no other message. Hand the returned futures to a next call if some of them fail.
     *
     * <p>Hand back all failed futures of a key. If an earlier message with an unknown outcome is missing, the later ones fail again
     * as {@code KEY_FROZEN}. A rejected message that is not handed back counts as given up. Where only the exception was kept, pass
     * {@code CompletableFuture.failedFuture(exception)}. Blocks at the bounds as {@link #publish} does.
     *
     * @param outcomes futures of this publisher or of an earlier one for the same destination, also of a client that was closed,
     *     and futures that depend on them
     * @return in the order of {@code outcomes}: a new future for each failed one. A confirmed future, one whose outcome is open (also if the
     *     application has cancelled it), and one that failed without a publish stay as they are
     * @throws ConfigurationException if a message was published to another destination; nothing is handed over
     * @throws CodecException if a body cannot be encoded; nothing is handed over
     * @throws ClientClosedException if this publisher is closed; nothing more is handed over
     */
    @CheckReturnValue
    List<CompletableFuture<Receipt>> republish(Collection<CompletableFuture<Receipt>> outcomes);

    /** How many keys of the destination are blocked by a message with an unknown outcome, for this client. Does not block. */
    int blockedKeys();

    /**
     * Blocks until each message handed over before the call has its outcome, whichever it is. With {@link PublisherOptions#completeOn} the
     * executor then has the tasks that complete the futures, but may not have run them yet.
     */
    void flush();

    /**
     * Gives up a message whose outcome is unknown, so that its key is unblocked. The message may still appear on the broker, at any later
     * place. An id without a key blocks nothing: there is nothing to give up, and the answer is false. Does not block.
     *
     * @return whether the id was held as unknown and blocked a key
     */
    boolean abandon(String id);

    /**
     * Waits for open outcomes as {@link #flush} does, then refuses further messages. Idempotent. Blocks, at the longest until the deadlines of
     * the open messages.
     */
    @Override
    void close();

    /**
     * As {@link #close()}, and waits at the longest for {@code deadline}. Messages that are open then stay with the client: their futures end
     * by their own deadlines, or when the client is closed. An interrupt does not cut the wait short: the flag is kept.
     */
    void close(Duration deadline);
}
