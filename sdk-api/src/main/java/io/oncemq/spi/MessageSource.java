package io.oncemq.spi;

import java.time.Duration;
import java.util.List;

/**
 * Receives messages on threads of its own and hands them to its {@link SourceListener}. Survives broker outages by itself.
 * Every method is thread-safe and, but for {@link #close}, does not block.
 */
public interface MessageSource extends AutoCloseable {
    void start();

    /**
     * Asks for no further messages of a shard; those that were already fetched may still come. Repeating is harmless. The engine may ask for
     * it within {@link SourceListener#onAssigned}: a shard then begins paused, and brings only what told of it.
     */
    void pause(Shard shard);

    void resume(Shard shard);

    /**
     * Says what may be acknowledged; the adapter batches. A shard of an earlier epoch is ignored. Later acknowledgements of a
     * shard include earlier ones.
     */
    void acknowledge(List<Acknowledgement> acknowledgements);

    /**
     * Stops receiving, acknowledges what {@link SourceListener#onRevoking} returns for every shard, proves that the broker has
     * taken it where it can be proven, and closes. Idempotent.
     */
    void close(Duration deadline);

    @Override
    default void close() {
        close(Duration.ofSeconds(10));
    }
}
