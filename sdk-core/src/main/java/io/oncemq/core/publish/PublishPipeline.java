package io.oncemq.core.publish;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.oncemq.ClientClosedException;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.OutboundFrame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of every message of one connection to the broker: three threads, of which one decides about order, one completes
 * futures and one opens and closes sessions. Thread-safe.
 */
public final class PublishPipeline implements AutoCloseable {
    private static final long GRACE_NANOS = SECONDS.toNanos(3);

    private final Freezes freezes = new Freezes();
    private final LongSupplier ticker;
    private final Outcomes outcomes;
    private final ShardCounts counts;
    private final Sender sender;
    private final Thread sending;
    private final Thread confirming;
    private final ThreadPoolExecutor connector;
    private volatile boolean closed;

    /** @param ticker monotonic nanoseconds, such as {@code System::nanoTime} */
    public PublishPipeline(BrokerTransport transport, Events events, String clientId, LongSupplier ticker) {
        this.ticker = ticker;
        this.outcomes = new Outcomes(events);
        this.counts = new ShardCounts(outcomes::emit);
        this.connector = new ThreadPoolExecutor(
                1, 1, 1, SECONDS, new LinkedBlockingQueue<>(), daemons("oncemq-connect-" + clientId));
        this.connector.allowCoreThreadTimeOut(true);
        this.sender = new Sender(transport, connector, clientId, outcomes, freezes, counts, BackOffs.spread(), ticker);
        this.confirming = daemons("oncemq-confirm-" + clientId).newThread(outcomes);
        this.sending = daemons("oncemq-publish-" + clientId).newThread(sender);
        confirming.start();
        sending.start();
    }

    /**
     * Takes one message. Returns at once while the budget has room; without room it blocks for it up to the deadline, and the
     * future is then rejected with {@code NOT_ATTEMPTED}, as it is if the thread is interrupted meanwhile. The future ends by
     * the deadline as {@link io.oncemq.Publisher} says.
     *
     * @param budget shared by the messages that are bounded, and flushed, together
     * @param deadline from this call to the outcome
     * @throws ClientClosedException if the pipeline is closed or has failed; nothing is handed over
     */
    public CompletableFuture<Receipt> submit(OutboundFrame frame, InFlightBudget budget, Duration deadline) {
        if (closed) {
            throw refusal();
        }
        long until = ticker.getAsLong() + deadline.toNanos();
        if (!budget.acquire(frame.size(), until, ticker)) {
            return CompletableFuture.failedFuture(withoutRoom(frame));
        }
        Entry entry = new Entry(frame, budget, until);
        if (!sender.submit(entry)) {
            budget.release(entry.size);
            throw refusal();
        }
        return entry;
    }

    /**
     * Blocks until each message submitted before with this budget has its outcome.
     *
     * @throws IllegalStateException if called by a continuation of a publish, which would wait for itself
     */
    public void flush(InFlightBudget budget) {
        if (isConfirming()) {
            throw new IllegalStateException(
                    "flush was called by a continuation of a publish; use an executor of your own");
        }
        sender.flush(budget).join();
    }

    /** Gives up an id whose outcome is unknown. @return whether it was held as such */
    public boolean abandon(String destination, String id) {
        return freezes.abandon(destination, id);
    }

    /**
     * A publisher is configured for so many shards of a destination.
     *
     * @throws io.oncemq.ConfigurationException if the client places keys over another number and the broker has not so many
     */
    public void expectShards(String destination, int number) {
        counts.expect(destination, number);
    }

    /** Keys may be placed over so many shards of a destination from now on, or from when the broker has so many. */
    public void acceptShards(String destination, int number) {
        counts.accept(destination, number);
    }

    /** Whether the calling thread is the one that completes futures, which must not wait for them. */
    boolean isConfirming() {
        return Thread.currentThread() == confirming;
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(30));
    }

    /**
     * Refuses further messages and waits for the open ones; those that are open at the deadline end unknown, or as not
     * attempted where no session ever took them. Blocks for at most a few seconds longer. Idempotent.
     */
    public void close(Duration deadline) {
        closed = true;
        sender.close(deadline);
        long until = System.nanoTime() + deadline.toNanos() + GRACE_NANOS;
        try {
            join(sending, until);
            connector.shutdown();
            connector.awaitTermination(Math.max(0, until - System.nanoTime()), NANOSECONDS);
            if (!isConfirming()) {
                join(confirming, until);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread, long until) throws InterruptedException {
        thread.join(Math.max(1, NANOSECONDS.toMillis(until - System.nanoTime())));
    }

    private RuntimeException withoutRoom(OutboundFrame frame) {
        String detail = "there was no room in flight by the deadline";
        return freezes.any() && freezes.holds(frame)
                ? new PublishOutcomeUnknownException(frame.id(), frame.destination(), detail, null)
                : new PublishRejectedException(frame.id(), frame.destination(), Reason.NOT_ATTEMPTED, detail, null);
    }

    private ClientClosedException refusal() {
        @Nullable Throwable failure = sender.failure();
        return failure == null
                ? new ClientClosedException("the client is closed")
                : new ClientClosedException("publishing has failed in this client; build another", failure);
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
