package io.oncemq.rabbit;

import io.oncemq.MessagingException;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.support.SourceRecovery;
import io.oncemq.spi.support.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
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
    private final SourceRecovery recovery;
    private final Executor waiters;
    private final Consumer<Runnable> posts;
    private final LongSupplier ticker;
    private final Duration stall;
    private final Map<String, OwnedQueue> queues = new LinkedHashMap<>();
    private final Map<Shard, ShardChannel> byShard = new ConcurrentHashMap<>();
    private long acquisitions;

    /**
     * @param waiters runs what waits for handlers and for the server
     * @param posts runs a task on the source's thread
     * @param stall for how long an overfull channel waits for what it has passed on
     */
    ShardChannels(
            SourceListener listener,
            SourceRecovery recovery,
            Executor waiters,
            Consumer<Runnable> posts,
            LongSupplier ticker,
            Duration stall) {
        this.listener = listener;
        this.recovery = recovery;
        this.waiters = waiters;
        this.posts = posts;
        this.ticker = ticker;
        this.stall = stall;
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
        names.forEach(name ->
                queues.computeIfAbsent(name, fresh -> new OwnedQueue(fresh, recovery.part(fresh), ticker.getAsLong())));
    }

    void opened(OwnedQueue queue, ShardChannel channel) {
        queue.opened(channel);
        byShard.put(channel.shard, channel);
    }

    /** Passes on what has arrived. @return whether there was anything */
    boolean dispatch() {
        boolean any = false;
        for (OwnedQueue queue : queues.values()) {
            ShardChannel channel = queue.channel;
            if (channel == null || queue.leaving || channel.ended() != null) {
                continue;
            }
            List<InboundMessage> messages = channel.isPaused() ? List.of() : channel.take(BATCH);
            queue.recovery.well(channel.isProven());
            if (!messages.isEmpty()) {
                any = true;
                if (!channel.isAssigned()) {
                    channel.assigned();
                    queue.acquired = ++acquisitions;
                    listener.onAssigned(List.of(channel.shard));
                }
                listener.onMessages(channel.shard, messages);
            }
        }
        return any;
    }

    /** Opens channels anew whose prefetch does not fit the size of their messages. @param wanted the prefetch of small ones */
    void refit(int wanted) {
        long now = ticker.getAsLong();
        for (OwnedQueue queue : queues.values()) {
            ShardChannel channel = queue.channel;
            if (channel == null || queue.leaving || channel.ended() != null) {
                continue;
            }
            if (channel.isSpent(stall)) {
                queue.prefetch.shrink(channel.fittingPrefetch(), now);
                reopen(queue, wanted);
            } else if (queue.prefetch.mayGrow(now)) {
                grow(queue, channel, wanted, now);
            }
        }
    }

    /** In a moment when nothing that was passed on is open, so that no handler is waited for, and none interrupted. */
    private void grow(OwnedQueue queue, ShardChannel channel, int wanted, long now) {
        long fitting = channel.largerPrefetch();
        if (fitting == 0 || channel.prefetch() >= wanted) {
            return;
        }
        if (channel.isIdle()) {
            queue.prefetch.grow(fitting, wanted, now);
            reopen(queue, wanted);
        } else if (!channel.hold()) {
            queue.prefetch.growLater(now);
        }
    }

    private void reopen(OwnedQueue queue, int wanted) {
        LOG.info(
                "a queue is opened again for the size of its messages: queue={} prefetch={}",
                queue.name,
                queue.prefetch.of(wanted));
        release(queue, () -> {});
    }

    void writeAcks() {
        for (OwnedQueue queue : queues.values()) {
            if (queue.channel != null) {
                queue.channel.writeAcks(false);
            }
        }
    }

    /** Whether nothing here becomes due by the passing of time: all is settled, and no back-off or change of a channel is under way. */
    boolean isResting() {
        return queues.values().stream()
                .allMatch(queue -> queue.recovery.isWell() && (queue.channel == null || queue.channel.isResting()));
    }

    /** Whether acknowledgements wait for others to go with. */
    boolean linger() {
        return queues.values().stream().anyMatch(queue -> queue.channel != null && queue.channel.acks.lingers());
    }

    /**
     * Gives up the channels that have ended, also those that are being drained: another member may be at their messages already.
     *
     * @throws MessagingException if the source cannot go on; all that is lost has been told by then
     */
    void loseEnded() {
        List<Shard> lost = new ArrayList<>();
        Map<OwnedQueue, ShardChannel> again = new LinkedHashMap<>();
        for (OwnedQueue queue : queues.values()) {
            ShardChannel channel = queue.channel;
            if (channel == null || channel.ended() == null) {
                continue;
            }
            // Told once, also where its drain goes on for a while.
            if (byShard.remove(channel.shard) != null && channel.isAssigned()) {
                lost.add(channel.shard);
            }
            if (!queue.leaving) {
                LOG.info(
                        "a shard is lost and opened again: shard={} cause={}",
                        channel.shard,
                        String.valueOf(channel.ended()));
                queue.openAt(ticker.getAsLong()
                        + Waits.spread(SourceRecovery.FIRST_WAIT).toNanos());
                Channels.abort(channel.getChannel());
                again.put(queue, channel);
            }
        }
        if (!lost.isEmpty()) {
            listener.onLost(lost);
        }
        again.forEach(this::backOff);
    }

    /** A channel that ends before it was of any use is opened again ever later. The end of its connection is not the queue's. */
    private void backOff(OwnedQueue queue, ShardChannel channel) {
        Throwable cause = channel.ended();
        if (cause != null
                && !channel.isProven()
                && channel.getChannel().getConnection().isOpen()) {
            queue.openAt(ticker.getAsLong()
                    + queue.recovery
                            .retryAfter(RabbitErrors.translate("consuming " + queue.name, cause))
                            .toNanos());
        }
    }

    /**
     * Begins to give a queue back in good order: what has begun is waited for while the other queues are read on; what is
     * settled is acknowledged, and only when the broker has seen it the channel is closed, which returns the rest. Never by basic.cancel:
     * the next member would get later messages first (Q8).
     *
     * @param after runs when it is closed
     */
    void release(OwnedQueue queue, Runnable after) {
        ShardChannel channel = queue.channel;
        if (channel == null || queue.leaving) {
            return;
        }
        queue.leaving = true;
        Consumer<List<Acknowledgement>> drained =
                settled -> posts.accept(() -> closeDrained(queue, channel, settled, after));
        if (channel.isAssigned()) {
            listener.revoke(List.of(channel.shard), drained);
        } else {
            drained.accept(List.of());
        }
    }

    private void closeDrained(OwnedQueue queue, ShardChannel channel, List<Acknowledgement> settled, Runnable after) {
        settle(settled);
        writeLast(channel);
        queue.channel = null;
        waiters.execute(() -> {
            close(channel);
            posts.accept(() -> {
                queue.openAt(ticker.getAsLong());
                after.run();
            });
        });
    }

    /** Whether some queue is being given back. */
    boolean isReleasing() {
        return queues.values().stream().anyMatch(queue -> queue.leaving);
    }

    /** The same for all that is not being given back yet, and at once. Blocks. */
    void releaseAll() {
        try {
            loseEnded();
        } catch (MessagingException e) {
            LOG.debug("an error after the end is ignored: cause={}", e.toString());
        }
        List<ShardChannel> channels = queues.values().stream()
                .filter(queue -> !queue.leaving)
                .map(queue -> queue.channel)
                .filter(Objects::nonNull)
                .toList();
        List<Shard> assigned = channels.stream()
                .filter(ShardChannel::isAssigned)
                .map(channel -> channel.shard)
                .toList();
        if (!assigned.isEmpty()) {
            settle(listener.onRevoking(assigned));
        }
        channels.forEach(this::writeLast);
        channels.forEach(ShardChannels::close);
    }

    private void settle(List<Acknowledgement> settled) {
        for (Acknowledgement each : settled) {
            ShardChannel channel = byShard.get(each.shard());
            if (channel != null) {
                channel.acks.settled(each);
            }
        }
    }

    private void writeLast(ShardChannel channel) {
        byShard.remove(channel.shard);
        channel.writeAcks(true);
    }

    /** Blocks until the broker has seen what was acknowledged. */
    private static void close(ShardChannel channel) {
        if (channel.isKept() && channel.isAssigned() && channel.ended() == null) {
            SettlementProof.await(channel.getChannel(), channel.shard.name());
        }
        Channels.abort(channel.getChannel());
    }
}
