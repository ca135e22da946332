package io.oncemq.core.publish;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Entries on their way to one consuming thread. Producers push onto a stack, the consumer takes the whole of it and turns it
 * round: one atomic step per message on one side, one per batch on the other.
 *
 * <p>Only the producer that finds the stack empty looks whether the consumer sleeps. That is enough: the consumer announces
 * its sleep and then sees an empty stack, or it does not sleep. A consumer that is busy naps without an announcement, so that
 * nobody pays for waking it per message.
 */
final class Inbox {
    private static final Entry CLOSED = new Entry(null, null, new InFlightBudget(1, 1).share(0), 0);
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Inbox.class, "head", Entry.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Entry head;
    private volatile @Nullable Thread sleeper;

    /** @return false if the inbox is closed; the entry is not in it then */
    boolean push(Entry entry) {
        for (; ; ) {
            Entry first = head;
            if (first == CLOSED) {
                return false;
            }
            entry.next = first;
            if (HEAD.compareAndSet(this, first, entry)) {
                if (first == null) {
                    wake();
                }
                return true;
            }
        }
    }

    void wake() {
        Thread thread = sleeper;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** Everything pushed so far, linked by {@code next} in the order of the pushes; null if there is nothing. */
    @Nullable
    Entry takeAll() {
        if (head == null || head == CLOSED) {
            return null;
        }
        return reverse((Entry) HEAD.getAndSet(this, null));
    }

    /** Refuses further pushes and returns what was still in, as {@link #takeAll} does. */
    @Nullable
    Entry close() {
        Entry rest = (Entry) HEAD.getAndSet(this, CLOSED);
        return rest == CLOSED ? null : reverse(rest);
    }

    /** Sleeps until a push or {@link #wake}, at the longest for {@code nanos}; not at all if there is work already. */
    void sleep(long nanos, BooleanSupplier otherWork) {
        sleeper = Thread.currentThread();
        if (head == null && !otherWork.getAsBoolean()) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeper = null;
    }

    private static @Nullable Entry reverse(@Nullable Entry last) {
        Entry first = null;
        Entry entry = last;
        while (entry != null) {
            Entry before = entry.next;
            entry.next = first;
            first = entry;
            entry = before;
        }
        return first;
    }
}
