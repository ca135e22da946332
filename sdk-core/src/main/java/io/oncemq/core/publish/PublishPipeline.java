package io.oncemq.core.publish;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.oncemq.ClientClosedException;
import io.oncemq.MessageInterceptor.Publishing;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishAttempt;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.core.Closing;
import io.oncemq.core.Events;
import io.oncemq.core.Uninterrupted;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.support.Nanos;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of every message of one connection to the broker: four threads, of which one decides about order, one completes
 * futures, one opens and closes sessions, and one, which never blocks, looks after the first two. Thread-safe.
 */
public final class PublishPipeline implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final Freezes freezes = new Freezes();
    private final LongSupplier ticker;
    private final Outcomes outcomes;
    private final ShardCounts counts;
    private final Sender sender;
    private final Watch watch;
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
        ThreadFactory reporters = daemons("oncemq-report-" + clientId);
        this.watch = new Watch(sender, sending, outcomes, reporters, System::nanoTime);
        confirming.start();
        sending.start();
        daemons("oncemq-watch-" + clientId).newThread(watch).start();
    }

    /** As {@link #submit(Submission, InFlightBudget, Duration)}, for a message that the engine publishes for itself. */
    public CompletableFuture<Receipt> submit(OutboundFrame frame, InFlightBudget budget, Duration deadline) {
        return submit(new Submission(frame, future(null, null, null), null, 0, false), budget, deadline);
    }

    /** What {@link #submit} completes; see {@link PublishFuture}. */
    PublishFuture future(
            @Nullable OutboundMessage<?> message, @Nullable Executor executor, @Nullable Publishing observer) {
        return new PublishFuture(outcomes, message, executor, observer);
    }

    /**
     * A message on its way in.
     *
     * @param recovery with which it is published again, or null
     * @param order that of its first publish, or 0
     * @param unknownBefore whether an earlier publish ended unknown
     */
    record Submission(
            OutboundFrame frame,
            PublishFuture future,
            @Nullable Recovery recovery,
            long order,
            boolean unknownBefore) {}

    /**
     * Takes one message. Returns at once while the budget has room for its partition; without room it blocks for it up to the deadline, and the
     * future is then rejected with {@code NOT_ATTEMPTED}, as it is if the thread is interrupted meanwhile. The future ends by
     * the deadline as {@link io.oncemq.Publisher} says.
     *
     * @param budget shared by the messages that are bounded, and flushed, together
     * @param deadline from this call to the outcome
     * @throws ClientClosedException if the pipeline is closed or has failed; nothing is handed over
     */
    CompletableFuture<Receipt> submit(Submission submission, InFlightBudget budget, Duration deadline) {
        if (closed) {
            throw refusal();
        }
        OutboundFrame frame = submission.frame();
        long now = ticker.getAsLong();
        long until = now + Nanos.of(deadline);
        RoomShares.Share share = budget.acquire(frame.size(), frame.keyHash(), frame.key() != null, until, ticker);
        if (share == null) {
            return withoutRoom(submission);
        }
        Entry entry = new Entry(frame, submission.future(), share, until);
        entry.sequence = now;
        entry.order = submission.order();
        entry.recovery = submission.recovery();
        entry.unknownBefore = submission.unknownBefore();
        if (!sender.submit(entry)) {
            budget.release(share, entry.size);
            throw refusal();
        }
        return submission.future();
    }

    /** Keeps the blocked keys of these messages for them. They are to be submitted in their order, and {@link #end} called. */
    Recovery recovery(List<OutboundFrame> frames) {
        Recovery recovery = new Recovery(frames);
        freezes.reserve(recovery);
        return recovery;
    }

    /** Not all messages of the recovery come. */
    void end(Recovery recovery) {
        freezes.release(recovery);
    }

    /** How many keys of a destination are blocked. */
    int blockedKeys(String destination) {
        return freezes.keys(destination);
    }

    /**
     * Blocks until each message submitted before with this budget has its outcome.
     *
     * @throws IllegalStateException if called by a continuation of a publish, which would wait for itself
     */
    public void flush(InFlightBudget budget) {
        flushed(budget).join();
    }

    /** As {@link #flush(InFlightBudget)}, at the longest for so long. An interrupt does not end the wait, and is kept. */
    void flush(InFlightBudget budget, Duration most) {
        CountDownLatch over = new CountDownLatch(1);
        flushed(budget).thenRun(over::countDown);
        Uninterrupted.await(over, most);
    }

    private CompletableFuture<Void> flushed(InFlightBudget budget) {
        if (isConfirming()) {
            throw new IllegalStateException(
                    "flush was called by a continuation of a publish; use an executor of your own");
        }
        return sender.flush(budget);
    }

    /** Gives up an id whose outcome is unknown. @return whether it was held as such */
    public boolean abandon(String destination, String id) {
        boolean held = freezes.abandon(destination, id);
        if (held) {
            sender.wake();
        }
        return held;
    }

    /**
     * A publisher is configured for so many shards of a destination.
     *
     * @throws io.oncemq.ConfigurationException if the client places keys over another number and the broker has not so many
     */
    public void expectShards(String destination, int number) {
        counts.expect(destination, number);
    }

    /** A room in flight that the partitions of a destination share, over which its keys are placed. */
    InFlightBudget budget(String destination, int maxMessages, long maxBytes) {
        return new InFlightBudget(maxMessages, maxBytes, counts.partitions(destination));
    }

    /** Keys may be placed over so many shards of a destination from now on, or from when the broker has so many. */
    public void acceptShards(String destination, int number) {
        counts.accept(destination, number);
    }

    /** Whether the calling thread is the one that completes futures, which must not wait for them. */
    public boolean isConfirming() {
        return outcomes.isCompleting();
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
        new Closing("publishing")
                .step("sender", left -> {
                    Uninterrupted.join(sending, left);
                    watch.wake();
                })
                .step("sessions", left -> {
                    connector.shutdown();
                    Uninterrupted.until(left, nanos -> connector.awaitTermination(nanos, NANOSECONDS));
                })
                .step("confirmations", left -> {
                    if (!isConfirming()) {
                        Uninterrupted.join(confirming, left);
                    }
                })
                .closeHere(Nanos.sum(deadline, GRACE));
    }

    /**
     * Refuses a message that could not be dead-lettered. One that may be stored since an earlier publish ends unknown and blocks its key
     * at its old place; another one keeps nothing back that was published behind it.
     */
    CompletableFuture<Receipt> tooLarge(Submission submission, long largest) {
        OutboundFrame frame = submission.frame();
        String detail = "its key, headers and body have " + frame.size() + " bytes, and " + frame.destination()
                + " takes " + largest
                + " with room for the headers of a dead letter. Send less, or raise the destination's limit";
        if (submission.unknownBefore()) {
            freezes.hold(frame, submission.order());
        }
        Recovery recovery = submission.recovery();
        Slot slot = recovery == null ? null : Slot.of(frame);
        if (recovery != null && slot != null) {
            freezes.passed(slot, recovery);
            sender.wake();
        }
        return notTaken(submission, Reason.TOO_LARGE, detail);
    }

    private static CompletableFuture<Receipt> failed(PublishFuture future, Throwable failure) {
        future.decided(failure);
        future.end(null, failure);
        return future;
    }

    private CompletableFuture<Receipt> withoutRoom(Submission submission) {
        OutboundFrame frame = submission.frame();
        String detail = "there was no room in flight by the deadline";
        if (submission.unknownBefore()) {
            freezes.hold(frame, submission.order());
        }
        Recovery recovery = submission.recovery();
        Slot slot = recovery == null ? null : Slot.of(frame);
        if (recovery != null && slot != null) {
            recovery.breakAt(slot);
            freezes.passed(slot, recovery);
        }
        return notTaken(submission, Reason.NOT_ATTEMPTED, detail);
    }

    /** Ends a message that never came to the sender: unknown if it may be stored since an earlier publish, else rejected. */
    private CompletableFuture<Receipt> notTaken(Submission submission, Reason reason, String detail) {
        OutboundFrame frame = submission.frame();
        long order = submission.order() == 0 ? ticker.getAsLong() : submission.order();
        PublishAttempt attempt = submission.future().attempt(frame.destination(), order);
        Throwable failure = submission.unknownBefore() || freezes.anyUnknown() && freezes.holds(frame)
                ? new PublishOutcomeUnknownException(frame.id(), frame.destination(), detail, null, attempt)
                : new PublishRejectedException(frame.id(), frame.destination(), reason, detail, null, attempt);
        return failed(submission.future(), failure);
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
