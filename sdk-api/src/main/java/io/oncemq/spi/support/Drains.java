package io.oncemq.spi.support;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Parts of a source that are drained while the others continue (S10). The source begins a drain, looks in each turn which ones are over, and gives
 * those parts back to the broker. From a drained part it receives nothing more. Belongs to the source's thread.
 *
 * @param <P> what an adapter has for a shard
 */
public final class Drains<P> {
    private record Drain<P>(List<P> parts, CompletableFuture<List<Acknowledgement>> result) {}

    private final SourceListener listener;
    private final Consumer<List<Acknowledgement>> acknowledge;
    private final Runnable wake;
    private final List<Drain<P>> drains = new ArrayList<>();

    /**
     * @param acknowledge gets what may be acknowledged of drained shards, on the source's thread
     * @param wake ends the wait of the source's turn; on any thread, does not block
     */
    public Drains(SourceListener listener, Consumer<List<Acknowledgement>> acknowledge, Runnable wake) {
        this.listener = listener;
        this.acknowledge = acknowledge;
        this.wake = wake;
    }

    /** Begins to drain shards together. Does not block. @param shards those of the parts that the engine knows */
    public void begin(Collection<P> parts, Collection<Shard> shards) {
        CompletableFuture<List<Acknowledgement>> result = new CompletableFuture<>();
        drains.add(new Drain<>(List.copyOf(parts), result));
        if (shards.isEmpty()) {
            result.complete(List.of());
        } else {
            listener.revoke(shards, acknowledgements -> {
                result.complete(acknowledgements);
                wake.run();
            });
        }
    }

    /** Whether a part is being drained, or is drained and not given back yet. */
    public boolean contains(P part) {
        return drains.stream().anyMatch(drain -> drain.parts.contains(part));
    }

    /** Whether nothing is being drained. */
    public boolean isEmpty() {
        return drains.isEmpty();
    }

    /** Parts whose drain is over since the last call; what may be acknowledged of them has been passed on. */
    public List<P> ended() {
        if (drains.isEmpty()) {
            return List.of();
        }
        List<P> ended = new ArrayList<>();
        for (Drain<P> drain : List.copyOf(drains)) {
            if (drain.result.isDone()) {
                drains.remove(drain);
                acknowledge.accept(drain.result.join());
                ended.addAll(drain.parts);
            }
        }
        return ended;
    }

    /** Waits until all drains are over, for a time at the most; an interrupt ends the wait and is kept. Then call {@link #ended}. */
    public void await(Duration longest) {
        CompletableFuture<?> all =
                CompletableFuture.allOf(drains.stream().map(Drain::result).toArray(CompletableFuture[]::new));
        try {
            all.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // What is not drained is not acknowledged.
        }
    }

    /** The connection is lost, and all parts with it: the results of their drains are ignored. */
    public void forget() {
        drains.clear();
    }
}
