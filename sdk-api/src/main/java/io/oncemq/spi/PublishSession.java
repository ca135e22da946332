package io.oncemq.spi;

import java.time.Duration;

/**
 * One generation of a producing client. It never heals: after {@link PublishListener#sessionFailed} it is closed and another
 * is opened. Called by one thread at a time.
 */
public interface PublishSession extends AutoCloseable {
    /**
     * Hands one message over. Its outcome comes to the listener, once, with {@code context}; an outcome may come before this
     * method returns. May block shortly for the client's own buffer or metadata; what it cannot place in that time it reports as
     * {@link PublishListener#notSent}. Throws nothing.
     */
    void send(OutboundFrame frame, Object context);

    /** Sends what lingers in the client's batches. Does not wait. */
    void flush();

    /**
     * Closes. Messages whose outcome has not come by the deadline get none any more: the engine treats them as perhaps
     * stored. Of those still buffered nothing is written after this method has returned. Idempotent.
     */
    void close(Duration deadline);

    @Override
    default void close() {
        close(Duration.ZERO);
    }
}
