package io.oncemq.spi;

import java.util.List;

/**
 * The claims of one group: applies the transitions of {@link StoreCommand}, each atomically. Thread-safe. A call blocks for at
 * most the store's time-out.
 */
public interface ClaimStore extends AutoCloseable {
    /**
     * Applies a batch in as few round trips as the store allows. Commands of one record take effect in the order of the list;
     * answers stand in that order too. A command whose fate is unknown is answered {@link StoreAnswer.Kind#UNKNOWN}: repeat it
     * with the same owner and {@link StoreCommand#repeated}.
     *
     * @throws StoreUnavailableException if nothing can be said of any command: each may or may not have been applied
     */
    List<StoreAnswer> apply(List<StoreCommand> commands);

    /**
     * How often, since it was opened, this object found that the store has lost data of the group. The object that finds it first makes
     * the store wait: for a lease no claim is granted, but answered {@link StoreAnswer.Kind#BUSY}, unless its owner has the
     * record already. So handlers that run on a lost claim have written it again by then, or have seen their lease end. Does
     * not block.
     */
    default int dataLosses() {
        return 0;
    }

    /** Forgets local resources of the group; claims stay. */
    @Override
    void close();
}
