package io.oncemq.spi;

import io.oncemq.MessagingEvent;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Receives the events of one source. Implemented by the engine; only {@link #onRevoking} blocks. Calls for one shard come one at a time. */
public interface SourceListener {
    /** Shards are owned from now on, each with a new epoch. */
    void onAssigned(Collection<Shard> shards);

    /** Messages of one shard, tags ascending. */
    void onMessages(Shard shard, List<InboundMessage> messages);

    /**
     * Shards are about to go, or the source closes: stops their dispatch, drains handlers up to the spec's drain deadline, and
     * returns the acknowledgements to send. After it returns nothing of these epochs is acknowledged any more. Blocks.
     */
    List<Acknowledgement> onRevoking(Collection<Shard> shards);

    /**
     * The same without blocking, for a source that gives some of its shards away and receives from the others meanwhile.
     *
     * @param drained gets what {@link #onRevoking} would return, once, by the end of the drain deadline, on any thread; it must not block. If
     *     the shards are lost meanwhile, {@link #onLost} says so, and the result is ignored
     */
    default void revoke(Collection<Shard> shards, Consumer<List<Acknowledgement>> drained) {
        drained.accept(onRevoking(shards));
    }

    /** Shards are gone already; nothing of them can be acknowledged. */
    void onLost(Collection<Shard> shards);

    /** Passes an event on to the application. */
    void onEvent(MessagingEvent event);

    /**
     * What was there when a replay's source started has been acknowledged, by this member or by others; messages behind it were not
     * handed over. Called once.
     */
    default void onEnd() {}

    /** The source cannot continue: the subscription stops. */
    void onFailure(Throwable cause);
}
