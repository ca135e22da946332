package io.oncemq.rabbit;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues of a group and the channels through which this member reads them. Each channel is an epoch: what names an earlier one finds
 * nothing. A shard counts as assigned with the first message of its channel, for only that tells which of several members the broker
 * delivers to. Belongs to the source's thread, like all else but {@link #find}.
 */
final class ShardChannels {
    private static final Logger LOG = LoggerFactory.getLogger(ShardChannels.class);
    private static final int BATCH = 500;

    private final SourceListener listener;
    private final LongSupplier ticker;
    private final Map<String, OwnedQueue> queues = new LinkedHashMap<>();
    private final Map<Shard, ShardChannel> byShard = new ConcurrentHashMap<>();
    private long acquisitions;

    ShardChannels(SourceListener listener, LongSupplier ticker) {
        this.listener = listener;
        this.ticker = ticker;
    }

    /** Thread-safe. Null if the shard is of an earlier epoch. */
    @Nullable
    ShardChannel find(Shard shard) {
        return byShard.get(shard);
    }

    Collection<OwnedQueue> all() {
        return queues.values();
    }

    void add(List<String> names) {
        names.forEach(name -> queues.computeIfAbsent(name, fresh -> new OwnedQueue(fresh, ticker.getAsLong())));
    }

    void opened(OwnedQueue queue, ShardChannel channel) {
        queue.opening = false;
        queue.missing = false;
        queue.channel = channel;
        byShard.put(channel.shard, channel);
    }

    /** Passes on what has arrived. @return whether there was anything */
    boolean dispatch() {
        boolean any = false;
        for (OwnedQueue queue : queues.values()) {
            ShardChannel channel = queue.channel;
            if (channel == null || channel.ended() != null || channel.isPaused()) {
                continue;
            }
            List<InboundMessage> messages = channel.take(BATCH);
            if (!messages.isEmpty()) {
                any = true;
                if (!channel.isAssigned()) {
                    channel.assigned();
                    queue.acquired = ++acquisitions;
                    queue.well();
                    listener.onAssigned(List.of(channel.shard));
                }
                listener.onMessages(channel.shard, messages);
            }
        }
        return any;
    }

    /** Opens channels that could not keep what came anew, with a prefetch that fits. */
    void refit() {
        for (OwnedQueue queue : queues.values()) {
            ShardChannel channel = queue.channel;
            if (channel != null && channel.ended() == null && channel.isSpent()) {
                queue.mostPrefetch = channel.fittingPrefetch();
                LOG.info(
                        "{} is opened again with a prefetch of {}: its messages are large",
                        queue.name,
                        queue.mostPrefetch);
                release(List.of(queue));
            }
        }
    }

    void writeAcks() {
        for (OwnedQueue queue : queues.values()) {
            if (queue.channel != null) {
                queue.channel.writeAcks(false);
            }
        }
    }

    /** Whether acknowledgements wait for others to go with. */
    boolean linger() {
        return queues.values().stream().anyMatch(queue -> queue.channel != null && queue.channel.acks.lingers());
    }

    /** Gives up the channels that have ended: another member may be at their messages already. */
    void loseEnded() {
        List<Shard> lost = new ArrayList<>();
        for (OwnedQueue queue : queues.values()) {
            ShardChannel channel = queue.channel;
            if (channel != null && channel.ended() != null) {
                LOG.info("{} is lost and opened again: {}", channel.shard, String.valueOf(channel.ended()));
                byShard.remove(channel.shard);
                queue.openLater(ticker.getAsLong());
                Channels.abort(channel.getChannel());
                if (channel.isAssigned()) {
                    lost.add(channel.shard);
                }
            }
        }
        if (!lost.isEmpty()) {
            listener.onLost(lost);
        }
    }

    /**
     * Gives queues back in good order: what has begun is waited for, what is settled is acknowledged, and only when the broker has seen it
     * the channels are closed, which returns the rest. Never by basic.cancel: the next member would get later messages first (Q8).
     */
    void release(Collection<OwnedQueue> leaving) {
        List<ShardChannel> channels = leaving.stream()
                .map(queue -> queue.channel)
                .filter(Objects::nonNull)
                .toList();
        List<Shard> assigned = channels.stream()
                .filter(ShardChannel::isAssigned)
                .map(channel -> channel.shard)
                .toList();
        if (!assigned.isEmpty()) {
            for (Acknowledgement each : listener.onRevoking(assigned)) {
                ShardChannel channel = byShard.get(each.shard());
                if (channel != null) {
                    channel.acks.settled(each);
                }
            }
        }
        channels.forEach(channel -> byShard.remove(channel.shard));
        channels.forEach(channel -> channel.writeAcks(true));
        for (OwnedQueue queue : leaving) {
            close(queue);
        }
    }

    private void close(OwnedQueue queue) {
        ShardChannel channel = queue.channel;
        if (channel != null) {
            if (channel.isKept() && channel.isAssigned() && channel.ended() == null) {
                SettlementProof.await(channel.getChannel(), queue.name);
            }
            Channels.abort(channel.getChannel());
            queue.channel = null;
            queue.openAt = ticker.getAsLong();
        }
    }
}
