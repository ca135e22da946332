package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One channel that consumes one queue, from its opening to its end: a shard's epoch. Delivery tags are its own, so nothing of another
 * generation can be acknowledged on it. The client's threads only append; all else but {@link #acks}' news belongs to the source's
 * thread.
 */
class ShardChannel extends DefaultConsumer {
    private record Arrival(InboundMessage message, long at) {}

    /** So many tell how large messages are; the older half of them counts less and less. */
    private static final int SAMPLE = 128;

    /** For how long nothing is taken, so that what was taken is settled and a channel can be changed without a drain; then it is taken again. */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(2);

    /** Deliveries that were taken together: none up to this tag arrived before. */
    private record Batch(long lastTag, long since) {}

    final Shard shard;
    final AckLedger acks;
    private final Runnable wake;
    private final LongSupplier ticker;
    private final int prefetch;
    private final long room;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Queue<Arrival> arrived = new ConcurrentLinkedQueue<>();
    private final Deque<Batch> open = new ArrayDeque<>();
    private volatile @Nullable Throwable ended;
    private volatile boolean paused;
    private volatile boolean overfull;
    private volatile boolean proven;
    /** When something of it was settled last, or it became overfull. */
    private volatile long progressAt;
    /** Of the messages that came lately, in bytes; 0 while too few have come to tell. */
    private volatile long meanSize;

    private long seen;
    private long seenBytes;
    private long heldAt;
    private boolean held;
    private boolean assigned;
    private long lastTaken;

    /** @param room for so many bytes that arrived and were not taken */
    ShardChannel(Channel channel, Shard shard, int prefetch, long room, Runnable wake, LongSupplier ticker) {
        super(channel);
        this.shard = shard;
        this.prefetch = prefetch;
        this.room = room;
        this.acks = new AckLedger(prefetch);
        this.wake = wake;
        this.ticker = ticker;
    }

    @Override
    public void handleDelivery(String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        InboundMessage message = read(envelope, properties, body);
        if (message != null && keeps(message.size())) {
            arrived.add(new Arrival(message, ticker.getAsLong()));
        }
        wake.run();
    }

    /** On the client's thread. Null for what the engine shall not see. */
    @Nullable
    InboundMessage read(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        return RabbitRecords.inbound(envelope, properties, body);
    }

    /** Whether the broker keeps what is acknowledged here, so that a close has to wait until it has it. */
    boolean isKept() {
        return true;
    }

    /** Whether all that arrived has been settled. */
    boolean isSettled() {
        return arrived.isEmpty() && acks.through() >= lastTaken;
    }

    /**
     * The broker counts messages, not their bytes. What comes when there is no room is left to it: it has that back when the channel closes,
     * and nothing behind it is taken, so that order holds. A prefetch of one cannot be too large.
     */
    private boolean keeps(int size) {
        if (overfull) {
            return false;
        }
        sample(size);
        overfull = waitingBytes.addAndGet(size) > room && prefetch > 1;
        if (overfull) {
            progressAt = ticker.getAsLong();
        }
        return !overfull;
    }

    private void sample(int size) {
        if (seen >= SAMPLE) {
            seen /= 2;
            seenBytes /= 2;
        }
        seen++;
        seenBytes += size;
        meanSize = Math.max(1, seenBytes / seen);
    }

    /** Thread-safe. */
    void settled(Acknowledgement acknowledgement) {
        proven = true;
        progressAt = ticker.getAsLong();
        acks.settled(acknowledgement);
    }

    /**
     * Whether it left messages to the broker and can be replaced by a channel with a prefetch that fits: all others are settled, or none of
     * them has been for so long. A key that waits for its next attempt must not stop the others.
     */
    boolean isSpent(Duration stall) {
        return overfull && arrived.isEmpty() && (isIdle() || ticker.getAsLong() - progressAt >= stall.toNanos());
    }

    /** How many messages there is room for, by those that came. */
    int fittingPrefetch() {
        return (int) Math.max(1, Math.min(prefetch - 1, room / Math.max(1, meanSize)));
    }

    /** For how many of the messages that came lately there would be room, if that is at least twice the prefetch; else 0. */
    long largerPrefetch() {
        long fitting = room / Math.max(1, meanSize);
        return meanSize > 0 && fitting >= 2L * prefetch ? fitting : 0;
    }

    int prefetch() {
        return prefetch;
    }

    /** Whether all that was taken is settled. */
    boolean isIdle() {
        return oldest() == null;
    }

    /** Whether all that came is settled and the channel lives, so that nothing has to be done here until more comes. */
    boolean isResting() {
        return !overfull && ended == null && arrived.isEmpty() && isIdle();
    }

    /** What arrives waits here for a moment. @return false if that has lasted too long, and is over */
    boolean hold() {
        long now = ticker.getAsLong();
        if (!held) {
            held = true;
            heldAt = now;
        }
        held = now - heldAt < LONGEST_HOLD.toNanos();
        return held;
    }

    /** Thread-safe. While it is paused what arrives waits here. */
    void pause(boolean on) {
        paused = on;
    }

    /** A hold ends by itself: whoever began it may have no reason any more to look after it. */
    boolean isPaused() {
        return paused || held && ticker.getAsLong() - heldAt < LONGEST_HOLD.toNanos();
    }

    /** The queue was deleted, or its node or leader is gone: the broker gives its messages to others (Q7). */
    @Override
    public void handleCancel(String consumer) {
        end(new IOException("the broker cancelled the consumer of " + shard.name()));
    }

    @Override
    public void handleShutdownSignal(String consumer, ShutdownSignalException cause) {
        end(cause);
    }

    private void end(Throwable cause) {
        ended = cause;
        wake.run();
    }

    /** Why nothing comes any more and nothing can be acknowledged, or null. */
    @Nullable
    Throwable ended() {
        return ended;
    }

    /** Whether something that came on this channel was settled: it is of use, and not only open. */
    boolean isProven() {
        return proven;
    }

    /** Whether a message came on this channel: only then it is known to be the one that the broker delivers to. */
    boolean isAssigned() {
        return assigned;
    }

    void assigned() {
        assigned = true;
    }

    /** What has arrived, tags ascending. */
    List<InboundMessage> take(int most) {
        Arrival next = arrived.poll();
        if (next == null) {
            return List.of();
        }
        long since = next.at;
        List<InboundMessage> messages = new ArrayList<>();
        while (next != null) {
            messages.add(next.message);
            waitingBytes.addAndGet(-next.message.size());
            next = messages.size() < most ? arrived.poll() : null;
        }
        lastTaken = messages.get(messages.size() - 1).tag();
        open.add(new Batch(lastTaken, since));
        return messages;
    }

    void writeAcks(boolean all) {
        if (ended != null) {
            return;
        }
        try {
            acks.write(getChannel()::basicAck, all, ticker.getAsLong());
        } catch (IOException | ShutdownSignalException e) {
            end(e);
        }
    }

    /** For how long the oldest delivery has not been settled, at most; zero if all are. */
    Duration unsettledFor() {
        Batch oldest = oldest();
        Arrival waiting = arrived.peek();
        if (oldest == null && waiting == null) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(ticker.getAsLong() - (oldest == null ? waiting.at : oldest.since));
    }

    private @Nullable Batch oldest() {
        while (!open.isEmpty() && open.peek().lastTag <= acks.through()) {
            open.remove();
        }
        return open.peek();
    }
}
