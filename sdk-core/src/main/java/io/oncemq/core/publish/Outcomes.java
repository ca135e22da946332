package io.oncemq.core.publish;

import io.oncemq.MessagingEvent;
import io.oncemq.Position;
import io.oncemq.PublishAttempt;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.core.LoggedFailure;
import io.oncemq.spi.OutboundFrame;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles messages that somebody has finished: gives their room back at once, and completes their futures on one thread of
 * its own, or on the publisher's executor, so that an application's continuation never runs on the sender's or the broker client's
 * thread and may publish again, even at the bound. Events take the same way. Thread-safe.
 */
final class Outcomes implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
    private static final RoomShares.Share NONE = new InFlightBudget(1, 1).share(0);

    private final Inbox inbox = new Inbox();
    private final Events events;
    private volatile boolean closed;
    private volatile @Nullable Thread completing;
    /** Counts what was completed, so that another thread can see whether it goes on. */
    private final AtomicLong completed = new AtomicLong();

    private volatile boolean busy;
    private final ThreadLocal<Boolean> withinEnd = new ThreadLocal<>();

    Outcomes(Events events) {
        this.events = events;
    }

    void confirm(Entry entry, Position position) {
        OutboundFrame frame = entry.surrenderFrame();
        settle(entry, new Receipt(frame.id(), frame.destination(), position));
    }

    void reject(Entry entry, Reason reason, String detail, @Nullable Throwable cause) {
        OutboundFrame frame = entry.surrenderFrame();
        settle(
                entry,
                new PublishRejectedException(
                        frame.id(), frame.destination(), reason, detail, cause, attempt(entry, frame)));
    }

    void unknown(Entry entry, String detail, @Nullable Throwable cause) {
        OutboundFrame frame = entry.surrenderFrame();
        emit(new MessagingEvent.PublishUnknown(frame.destination(), frame.id(), frame.key()));
        settle(
                entry,
                new PublishOutcomeUnknownException(
                        frame.id(), frame.destination(), detail, cause, attempt(entry, frame)));
    }

    private static @Nullable PublishAttempt attempt(Entry entry, OutboundFrame frame) {
        return entry.future == null ? null : entry.future.attempt(frame.destination(), entry.order);
    }

    void emit(MessagingEvent event) {
        Entry carrier = new Entry(null, null, NONE, 0);
        carrier.result = event;
        inbox.push(carrier);
    }

    private void settle(Entry entry, Object result) {
        entry.share.budget.release(entry.share, entry.size);
        if (entry.future != null) {
            entry.future.decided(result instanceof Throwable failure ? failure : null);
        }
        entry.result = result;
        if (!inbox.push(entry)) {
            complete(entry);
        }
    }

    /** Completes until {@link #close}, and what was settled before it. */
    @Override
    public void run() {
        completing = Thread.currentThread();
        while (!closed) {
            if (drain() >= Pace.BUSY) {
                Pace.nap(this);
            } else {
                inbox.sleep(Long.MAX_VALUE, this::isClosed);
            }
        }
        completeAll(inbox.close());
    }

    /** Completes what was settled so far; returns how many. */
    int drain() {
        return completeAll(inbox.takeAll());
    }

    void close() {
        closed = true;
        inbox.wake();
    }

    /** Whether the calling thread is the one that completes futures without an executor. */
    boolean isItsThread() {
        return Thread.currentThread() == completing;
    }

    /** Whether the calling thread completes a future, here or on an executor: it must not wait for all of them. */
    boolean isCompleting() {
        return isItsThread() || withinEnd.get() != null;
    }

    /** Changes whenever something is completed; -1 while nothing is to do. */
    long progress() {
        return busy ? completed.get() : -1;
    }

    /** The stack of the thread that completes futures. */
    Throwable where() {
        return Stacks.of(completing, "the thread that completes futures");
    }

    private boolean isClosed() {
        return closed;
    }

    private int completeAll(@Nullable Entry first) {
        int count = 0;
        Entry entry = first;
        busy = entry != null;
        while (entry != null) {
            Entry following = entry.next;
            entry.next = null;
            complete(entry);
            entry = following;
            count++;
            completed.lazySet(completed.getPlain() + 1);
        }
        busy = false;
        return count;
    }

    private void complete(Entry entry) {
        Object result = entry.result;
        entry.result = null;
        PublishFuture future = entry.future;
        if (future == null) {
            if (result instanceof MessagingEvent event) {
                tell(event);
            }
            return;
        }
        Executor executor = future.executor();
        if (executor == null || !isTaken(executor, () -> endElsewhere(future, result))) {
            end(future, result);
        }
        entry.complete(null);
    }

    private void endElsewhere(PublishFuture future, @Nullable Object result) {
        withinEnd.set(true);
        try {
            end(future, result);
        } finally {
            withinEnd.remove();
        }
    }

    private static void end(PublishFuture future, @Nullable Object result) {
        try {
            future.end(
                    result instanceof Receipt receipt ? receipt : null,
                    result instanceof Throwable failure ? failure : null);
        } catch (Throwable e) {
            LOG.error("a continuation fails", LoggedFailure.of(e));
        }
    }

    /** On the calling thread, at once. */
    void tell(MessagingEvent event) {
        try {
            events.emit(event);
        } catch (Throwable e) {
            LOG.error("a listener fails", LoggedFailure.of(e));
        }
    }

    private static boolean isTaken(Executor executor, Runnable end) {
        try {
            executor.execute(end);
            return true;
        } catch (Throwable e) {
            LOG.warn(
                    "an executor refuses to complete a future; it completes on the client's thread",
                    LoggedFailure.of(e));
            return false;
        }
    }
}
