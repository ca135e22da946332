package io.oncemq.spi;

import java.time.Duration;

/**
 * One generation of a producing client. It never heals: after {@link PublishListener#sessionFailed} it is closed and another
 * is opened. Called by one thread at a time.
 */
public interface PublishSession extends AutoCloseable {
    /**
     * Hands one message over. Its outcome comes to the listener, once, with {@code context}; an outcome may come before this
     * method returns. Throws nothing.
     *
     * <p>Waits for no answer: one thread sends to all destinations of a client, so a send that waits stops them all. Look-ups (metadata,
     * routes, rights) belong on a thread of the adapter; meanwhile a message waits with the adapter, which gives it back when it is asked
     * to ({@link #abandon}), or is reported as {@link PublishListener#notSent}. Without room for one partition or destination a session
     * reports {@link PublishListener#noRoom}; without any room it is not {@link PublishListener#writable}. What a client's own call waits
     * for all the same, room in its buffer or a socket that takes no more, an adapter bounds: by 1.5 s for Kafka; for RabbitMQ and JMS by
     * about 5 s, when it cuts the connection. The engine keeps deadlines during a send that blocks all the same, and reports one that lasts
     * a second as {@link io.oncemq.MessagingEvent.SendBlocked}.
     */
    void send(OutboundFrame frame, Object context);

    /**
     * Tells what became of a message whose deadline has passed without an outcome, and takes it back where that is possible. Does not
     * block. Default: the session is stuck, and is replaced.
     *
     * @param context as given to {@link #send}
     */
    default Leftover abandon(OutboundFrame frame, Object context) {
        return Leftover.STUCK;
    }

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
