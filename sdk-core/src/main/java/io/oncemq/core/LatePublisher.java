package io.oncemq.core;

import io.oncemq.ClientClosedException;
import io.oncemq.Codec;
import io.oncemq.ConnectionException;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishAttempt;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.core.publish.EngineBacked;
import io.oncemq.core.publish.EnginePublisher;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A publisher of a client that may not be connected yet. A publish waits for the connection as it waits for room in flight: on the calling
 * thread, until the deadline, and is then not attempted. Thread-safe.
 */
final class LatePublisher<T> implements EngineBacked<T> {
    private static final String CLOSED = "the publisher is closed: ";

    private final LateClient client;
    private final String destination;
    private final Codec<T> codec;
    private final PublisherOptions options;
    private volatile @Nullable Publisher<T> opened;
    private volatile boolean closed;

    LatePublisher(LateClient client, String destination, Codec<T> codec, PublisherOptions options) {
        this.client = client;
        this.destination = destination;
        this.codec = codec;
        this.options = options;
    }

    /**
     * Blocks for the connection.
     *
     * @throws ConnectionException if it is not there by the deadline
     */
    private Publisher<T> publisher() {
        Publisher<T> known = opened;
        if (known != null) {
            return known;
        }
        if (closed) {
            throw new ClientClosedException(CLOSED + destination);
        }
        try {
            return open(client.await(options.deadline()).publisher(destination, codec, options));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectionException("the wait for the connection was interrupted", e);
        }
    }

    /** The connection may have come while this one was closed, or another thread was quicker. */
    private synchronized Publisher<T> open(Publisher<T> next) {
        Publisher<T> known = opened;
        if (known == null && !closed) {
            opened = next;
            return next;
        }
        next.close(Duration.ZERO);
        if (known == null) {
            throw new ClientClosedException(CLOSED + destination);
        }
        return known;
    }

    @Override
    public EnginePublisher<T> engine() {
        return ((EngineBacked<T>) publisher()).engine();
    }

    @Override
    public String destination() {
        return destination;
    }

    @Override
    public CompletableFuture<Receipt> publish(OutboundMessage<T> message) {
        try {
            return publisher().publish(message);
        } catch (ConnectionException e) {
            return notAttempted(message, e);
        }
    }

    /** Waits once for all of them. */
    @Override
    public List<CompletableFuture<Receipt>> publishAll(Collection<OutboundMessage<T>> messages) {
        try {
            return publisher().publishAll(messages);
        } catch (ConnectionException e) {
            return messages.stream().map(message -> notAttempted(message, e)).toList();
        }
    }

    private CompletableFuture<Receipt> notAttempted(OutboundMessage<T> message, ConnectionException cause) {
        return CompletableFuture.failedFuture(new PublishRejectedException(
                message.id(),
                destination,
                Reason.NOT_ATTEMPTED,
                "the client was not connected by the deadline",
                cause,
                new PublishAttempt(destination, message, System.nanoTime())));
    }

    /** Blocks for the connection; without one by the deadline, the futures stay as they are. */
    @Override
    public List<CompletableFuture<Receipt>> republish(Collection<CompletableFuture<Receipt>> outcomes) {
        try {
            return publisher().republish(outcomes);
        } catch (ConnectionException e) {
            return List.copyOf(outcomes);
        }
    }

    @Override
    public int blockedKeys() {
        Publisher<T> known = opened;
        return known == null ? 0 : known.blockedKeys();
    }

    @Override
    public void flush() {
        ifOpened(Publisher::flush);
    }

    @Override
    public boolean abandon(String id) {
        Publisher<T> known = opened;
        return known != null && known.abandon(id);
    }

    @Override
    public void close() {
        end();
        ifOpened(Publisher::close);
    }

    @Override
    public void close(Duration deadline) {
        end();
        ifOpened(publisher -> publisher.close(deadline));
    }

    private synchronized void end() {
        closed = true;
    }

    private void ifOpened(Consumer<Publisher<T>> action) {
        Publisher<T> known = opened;
        if (known != null) {
            action.accept(known);
        }
    }
}
