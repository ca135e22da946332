package io.oncemq.core.publish;

import io.oncemq.spi.OutboundFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way: the context that the broker client hands back, and the link in whichever {@link Inbox} it lies. It is complete
 * once the future that the caller holds is, whatever the caller does to that one; with an executor of the application, once that has the
 * task that completes it, since it may drop what it took.
 *
 * <p>Exactly one thread wins {@link #finish} and decides the outcome. Everything but the state, the frame and the result is
 * written by the sender thread only, before the hand-over that lets another thread see it.
 */
final class Entry extends CompletableFuture<@Nullable Void> {
    private static final int QUEUED = 0;
    private static final int HANDED_OVER = 1;
    private static final int FINISHED = 2;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Entry.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Null for an event. */
    final @Nullable PublishFuture future;

    /** To whom its room is returned. */
    final RoomShares.Share share;

    final int size;
    final long deadline;
    /** The place in the order of acceptance, across sessions: the time of the call at first, and made to grow when it is accepted. */
    long sequence;
    /** The place of its first publish, or 0. */
    long order;
    /** Set if it is published again together with others. */
    @Nullable
    Recovery recovery;
    /** An earlier publish of the same id ended unknown: no outcome but a confirmation is certain. */
    boolean unknownBefore;
    /** A closed session may have stored it. Never reset: a later no of the broker is not certain then. */
    boolean perhapsStored;
    /** Its confirmation goes through the sender thread, which keeps state for its key. */
    boolean tracked;
    /** It publishes again an unresolved id of a blocked key. */
    boolean republish;
    /** The next message of the same key, where the broker takes one at a time. */
    @Nullable
    Entry behind;

    @Nullable
    Entry next;

    /** A receipt, a throwable, or an event that travels the same way. */
    @Nullable
    Object result;

    private @Nullable OutboundFrame frame;
    private volatile int state;

    Entry(@Nullable OutboundFrame frame, @Nullable PublishFuture future, RoomShares.Share share, long deadline) {
        this.frame = frame;
        this.future = future;
        this.share = share;
        this.size = frame == null ? 0 : frame.size();
        this.deadline = deadline;
    }

    /** The frame while the outcome is open, else null: a future kept by the caller must not keep the body. */
    @Nullable
    OutboundFrame openFrame() {
        return state == FINISHED ? null : frame;
    }

    boolean isFinished() {
        return state == FINISHED;
    }

    /** Whether nothing is left to do for the caller's future either. */
    boolean isSettled() {
        return state == FINISHED && isDone();
    }

    boolean isQueued() {
        return state == QUEUED;
    }

    boolean isHandedOver() {
        return state == HANDED_OVER;
    }

    /** Whether a session took this publish of it. */
    boolean wasHandedOver() {
        return perhapsStored || state == HANDED_OVER;
    }

    /** Whether the broker may have it, as far as is known here. */
    boolean mayBeStored() {
        return unknownBefore || wasHandedOver();
    }

    boolean handOver() {
        return STATE.compareAndSet(this, QUEUED, HANDED_OVER);
    }

    boolean takeBack() {
        return STATE.compareAndSet(this, HANDED_OVER, QUEUED);
    }

    /** Claims the right to decide the outcome; true once. */
    boolean finish() {
        for (; ; ) {
            int current = state;
            if (current == FINISHED) {
                return false;
            }
            if (STATE.compareAndSet(this, current, FINISHED)) {
                return true;
            }
        }
    }

    /** The frame, given up by the winner of {@link #finish}. */
    OutboundFrame surrenderFrame() {
        OutboundFrame last = frame;
        if (last == null) {
            throw new IllegalStateException("the frame was given up before");
        }
        frame = null;
        return last;
    }
}
