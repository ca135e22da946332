package io.oncemq;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One group's running consumption of one destination in this process. Thread-safe. */
public interface Subscription extends AutoCloseable {
    /** Where a subscription is in its life. CLOSED is the end; FAILED is left by {@link #restart} or {@link #close}. */
    enum State {
        RUNNING,
        /** By {@link #pause}. An outage of store or broker is not a state: it shows as events and resolves by itself. */
        PAUSED,
        CLOSING,
        /** Ended by {@link #close}, also after FAILED, or because a {@link Replay} has read all. */
        CLOSED,
        /** It stopped by itself, see {@link #failure}; nothing unhandled was acknowledged. */
        FAILED
    }

    String destination();

    String group();

    State state();

    /** Why it stopped by itself; kept when a FAILED subscription is closed. */
    Optional<Throwable> failure();

    /** Messages received and not yet settled. */
    int inFlight();

    /** Keys with messages in flight. Each is a lane, handled one after another. Messages without a key have no lane and are not counted. */
    default int lanes() {
        return 0;
    }

    /**
     * Asks the broker what it holds for the group, partition by partition, whichever process reads it. Empty where the broker does not
     * report it. Blocks.
     *
     * @throws ConnectionException if the broker does not answer
     * @throws ClientClosedException if the client is closed
     */
    default List<Backlog> backlog() {
        return List.of();
    }

    /** Starts no further handlers; running ones continue, partitions and claims are kept. Does not block. */
    void pause();

    void resume();

    /** Blocks until the state is CLOSED or FAILED. */
    void awaitTermination() throws InterruptedException;

    /** As {@link #awaitTermination()}, at the longest for {@code timeout}; whether it ended. */
    boolean awaitTermination(Duration timeout) throws InterruptedException;

    /**
     * Starts a subscription that is FAILED again: with the same handler and settings, from the group's position. Then it is RUNNING, and
     * {@link #failure} is empty. If the cause remains, the state becomes FAILED again, with another {@link
     * MessagingEvent.SubscriptionFailed}.
     *
     * <p>Blocks until the broker has opened the subscription, and does not wait for messages. Just after the event of its failure the state is
     * still CLOSING: wait with {@link #awaitTermination} first, on a thread of the application. If this method throws, the state is FAILED
     * once {@link #awaitTermination} returns; no unhandled message was acknowledged.
     *
     * @throws IllegalStateException if the state is not FAILED, or {@link #close} was called
     * @throws ClientClosedException if the client is closed
     * @throws ConnectionException if the broker cannot be reached
     */
    default void restart() {
        throw new UnsupportedOperationException(
                "restarting " + destination() + ": this subscription cannot be started again");
    }

    /** Closes with the deadline of 30 s. */
    @Override
    void close();

    /**
     * Stops intake, lets running handlers finish and settles them until {@code deadline}, commits, and releases the claims of messages
     * whose handler never started. Handlers that still run are interrupted, and their claims are left to lapse: their messages are not done
     * and are delivered again. Up to 2 seconds of the deadline, and at most a fifth, are kept for what comes after the handlers.
     * Idempotent.
     *
     * <p>Blocks until all of that is over, at the longest until 1 second after the deadline; a part that hangs is left behind, and the log
     * names it. An interrupt does not cut it short: the flag is kept.
     * Called by a handler of this subscription, or by a listener, it would wait for its own caller: there it begins to close
     * and returns at once. Do not call it on a thread that completes the stage of an asynchronous handler: such a thread is not
     * recognised. A FAILED subscription is CLOSED at once and cannot be started again.
     */
    void close(Duration deadline);
}
