package io.oncemq;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One group's running consumption of one destination in this process. Thread-safe. */
public interface Subscription extends AutoCloseable {
    /** Where a subscription is in its life; it never goes back from CLOSED or FAILED. */
    enum State {
        RUNNING,
        /** By {@link #pause}. An outage of store or broker is not a state: it shows as events and resolves by itself. */
        PAUSED,
        CLOSING,
        /** By {@link #close}, or a {@link Replay} came to its end. */
        CLOSED,
        /** It stopped by itself, see {@link #failure}; nothing unhandled was acknowledged. */
        FAILED
    }

    String destination();

    String group();

    State state();

    /** Why the state is FAILED. */
    Optional<Throwable> failure();

    /** Messages received and not yet settled. */
    int inFlight();

    /** Keys with messages in flight. Each is a lane of its own, handled one after another; what has no key waits for nobody and is not counted. */
    default int lanes() {
        return 0;
    }

    /**
     * Asks the broker what it holds for the group, shard by shard, whichever process reads it. Empty where the broker cannot tell. Blocks.
     *
     * @throws ConnectionException if the broker does not answer
     */
    default List<Backlog> backlog() {
        return List.of();
    }

    /** Starts no further handlers; running ones go on, partitions and claims are kept. Does not block. */
    void pause();

    void resume();

    /** Blocks until the state is CLOSED or FAILED. */
    void awaitTermination() throws InterruptedException;

    /** As {@link #awaitTermination()}, at the longest for {@code timeout}; whether it ended. */
    boolean awaitTermination(Duration timeout) throws InterruptedException;

    /** Closes with the deadline of 30 s. */
    @Override
    void close();

    /**
     * Stops intake, lets running handlers finish and settles them until {@code deadline}, commits, and releases the claims
     * of messages whose handler never started. Claims of handlers that still run are left to lapse. Blocks; idempotent.
     */
    void close(Duration deadline);
}
