package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
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
    private long seen;
    private long seenBytes;
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
        seen++;
        seenBytes += size;
        overfull = waitingBytes.addAndGet(size) > room && prefetch > 1;
        return !overfull;
    }

    /** Whether it left messages to the broker and has settled all others, so that the next channel can have a prefetch that fits. */
    boolean isSpent() {
        return overfull && arrived.isEmpty() && oldest() == null;
    }

    /** How many messages there is room for, by those that came. */
    int fittingPrefetch() {
        long mean = Math.max(1, seenBytes / Math.max(1, seen));
        return (int) Math.max(1, Math.min(prefetch - 1, room / mean));
    }

    /** Thread-safe. While it is paused what arrives waits here. */
    void pause(boolean on) {
        paused = on;
    }

    boolean isPaused() {
        return paused;
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
