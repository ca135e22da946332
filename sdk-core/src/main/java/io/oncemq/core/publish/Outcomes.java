package io.oncemq.core.publish;

import io.oncemq.MessagingEvent;
import io.oncemq.Position;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.core.Events;
import io.oncemq.core.LoggedFailure;
import io.oncemq.spi.OutboundFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles messages that somebody has finished: gives their room back at once, and completes their futures on one thread of
 * its own, so that an application's continuation never runs on the sender's or the broker client's thread and may publish
 * again, even at the bound. Events take the same way. Thread-safe.
 */
final class Outcomes implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
    private static final InFlightBudget NONE = new InFlightBudget(1, 1);

    private final Inbox inbox = new Inbox();
    private final Events events;
    private volatile boolean closed;

    Outcomes(Events events) {
        this.events = events;
    }

    void confirm(Entry entry, Position position) {
        OutboundFrame frame = entry.surrenderFrame();
        settle(entry, new Receipt(frame.id(), frame.destination(), position));
    }

    void reject(Entry entry, Reason reason, String detail, @Nullable Throwable cause) {
        OutboundFrame frame = entry.surrenderFrame();
        settle(entry, new PublishRejectedException(frame.id(), frame.destination(), reason, detail, cause));
    }

    void unknown(Entry entry, String detail, @Nullable Throwable cause) {
        OutboundFrame frame = entry.surrenderFrame();
        emit(new MessagingEvent.PublishUnknown(frame.destination(), frame.id(), frame.key()));
        settle(entry, new PublishOutcomeUnknownException(frame.id(), frame.destination(), detail, cause));
    }

    void emit(MessagingEvent event) {
        Entry carrier = new Entry(null, NONE, 0);
        carrier.result = event;
        inbox.push(carrier);
    }

    private void settle(Entry entry, Object result) {
        entry.budget.release(entry.size);
        entry.result = result;
        if (!inbox.push(entry)) {
            complete(entry);
        }
    }

    /** Completes until {@link #close}, and what was settled before it. */
    @Override
    public void run() {
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

    private boolean isClosed() {
        return closed;
    }

    private int completeAll(@Nullable Entry first) {
        int count = 0;
        Entry entry = first;
        while (entry != null) {
            Entry following = entry.next;
            entry.next = null;
            complete(entry);
            entry = following;
            count++;
        }
        return count;
    }

    private void complete(Entry entry) {
        Object result = entry.result;
        entry.result = null;
        try {
            if (result instanceof Receipt receipt) {
                entry.complete(receipt);
            } else if (result instanceof Throwable failure) {
                entry.completeExceptionally(failure);
            } else if (result instanceof MessagingEvent event) {
                events.emit(event);
            }
        } catch (Throwable e) {
            LOG.error("a continuation or listener failed", LoggedFailure.of(e));
        }
    }
}
