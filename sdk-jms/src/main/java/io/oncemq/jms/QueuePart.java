package io.oncemq.jms;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One consumer of one queue, which is an epoch of its shard. Belongs to the source's thread, but for {@link #settled} and {@link #pause}.
 *
 * @param <M> what the client delivers
 */
abstract class QueuePart<M> {
    final Shard shard;
    private final NavigableMap<Long, M> open = new TreeMap<>();
    private final Queue<Acknowledgement> news = new ConcurrentLinkedQueue<>();
    private volatile boolean paused;
    private boolean assigned;
    private long lastTag;

    QueuePart(Shard shard) {
        this.shard = shard;
    }

    /** Whether the engine knows that this member has the shard. */
    final boolean isAssigned() {
        return assigned;
    }

    final void assigned() {
        assigned = true;
    }

    final void pause(boolean on) {
        paused = on;
    }

    final boolean isPaused() {
        return paused;
    }

    final void settled(Acknowledgement acknowledgement) {
        news.add(acknowledgement);
    }

    /** Whether something is settled that is not written yet. */
    final boolean hasSettled() {
        return !news.isEmpty();
    }

    /** @return the tag under which it will be settled */
    final long opened(M message) {
        open.put(++lastTag, message);
        return lastTag;
    }

    /** Writes what has been settled, and waits for nothing. @return whether there was anything */
    final boolean writeAcks() throws Exception {
        boolean any = false;
        for (@Nullable Acknowledgement each = news.poll(); each != null; each = news.poll()) {
            NavigableMap<Long, M> through = open.headMap(each.through(), true);
            for (M message : through.values()) {
                acknowledge(message);
                any = true;
            }
            through.clear();
            for (long tag : each.singles()) {
                M single = open.remove(tag);
                if (single != null) {
                    acknowledge(single);
                    any = true;
                }
            }
        }
        if (any) {
            flush();
        }
        return any;
    }

    /** Whether the broker has told, without a message, that the shard is this member's. */
    boolean isOwned() {
        return false;
    }

    abstract boolean isClosed();

    /** What has arrived, tags ascending; nothing while paused. */
    abstract List<InboundMessage> receive(int most) throws Exception;

    abstract void acknowledge(M message) throws Exception;

    abstract void flush() throws Exception;

    /** Waits until the broker has taken all that was written before, and has the rest back. */
    abstract void close() throws Exception;
}
