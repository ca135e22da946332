package io.oncemq.core.publish;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How many messages, and how many bytes of them, may be open at once. Thread-safe. One message larger than the bound may fly
 * alone.
 *
 * <p>Count and bytes share one word, so that taking and returning are one atomic step each. Whoever finds no room waits in
 * line; room is given to the line once a quarter of the bound is free, since waking a publisher for each returned message
 * costs more than the message. A waiter also looks by itself every few milliseconds, so it is never kept from room that
 * exists. Newcomers may take room past the line, except while its first asks for more than was free.
 */
public final class InFlightBudget {
    private static final int BYTE_BITS = 33;
    private static final long BYTE_MASK = (1L << BYTE_BITS) - 1;
    private static final long FIRST_LOOK_NANOS = 1_000_000;
    private static final long LAST_LOOK_NANOS = 32_000_000;

    private final int maxMessages;
    private final long maxBytes;
    private final int enoughMessages;
    private final long enoughBytes;
    private final AtomicLong used = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> line = new ArrayDeque<>();
    private volatile boolean waited;
    private volatile boolean reserved;

    /** @param maxBytes counted up to 8 GiB */
    public InFlightBudget(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = Math.min(maxBytes, BYTE_MASK);
        this.enoughMessages = maxMessages - 1 - (maxMessages - 1) / 4;
        this.enoughBytes = this.maxBytes - 1 - (this.maxBytes - 1) / 4;
    }

    /** The number of open messages. */
    public int messages() {
        return messages(used.get());
    }

    /** The sum of their sizes. */
    public long bytes() {
        return used.get() & BYTE_MASK;
    }

    /**
     * Takes room for one message; blocks until there is some.
     *
     * @param deadline on the ticker's scale
     * @return false if there was no room by the deadline, or the thread was interrupted (its flag stays set)
     */
    boolean acquire(int size, long deadline, LongSupplier ticker) {
        if (!reserved && take(size)) {
            return true;
        }
        return waitInLine(new Waiter(Thread.currentThread(), size), deadline, ticker);
    }

    /** Returns the room of one message. Never blocks for long: callers are broker clients' threads. */
    void release(int size) {
        long after = used.addAndGet(-word(size));
        if (waited && messages(after) <= enoughMessages && (after & BYTE_MASK) <= enoughBytes) {
            serve();
        }
    }

    private boolean waitInLine(Waiter waiter, long deadline, LongSupplier ticker) {
        lock.lock();
        try {
            line.add(waiter);
            waited = true;
        } finally {
            lock.unlock();
        }
        long look = FIRST_LOOK_NANOS;
        for (; ; ) {
            serve();
            if (waiter.served) {
                return true;
            }
            long left = deadline - ticker.getAsLong();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return leave(waiter);
            }
            LockSupport.parkNanos(this, Math.min(left, look));
            look = Math.min(2 * look, LAST_LOOK_NANOS);
        }
    }

    /** Gives room to the line, first come first served. */
    private void serve() {
        lock.lock();
        try {
            Waiter first = line.peek();
            while (first != null && take(first.size)) {
                line.remove();
                first.served = true;
                LockSupport.unpark(first.thread);
                first = line.peek();
            }
            waited = first != null;
            reserved = first != null && messages() < maxMessages;
        } finally {
            lock.unlock();
        }
    }

    /** @return whether room was given at the last moment */
    private boolean leave(Waiter waiter) {
        lock.lock();
        try {
            line.remove(waiter);
        } finally {
            lock.unlock();
        }
        serve();
        return waiter.served;
    }

    private boolean take(int size) {
        long before = used.get();
        while (fits(before, size)) {
            if (used.compareAndSet(before, before + word(size))) {
                return true;
            }
            before = used.get();
        }
        return false;
    }

    private boolean fits(long state, int size) {
        return state == 0 || messages(state) < maxMessages && (state & BYTE_MASK) + size <= maxBytes;
    }

    private static long word(int size) {
        return 1L << BYTE_BITS | size;
    }

    private static int messages(long state) {
        return (int) (state >>> BYTE_BITS);
    }

    private static final class Waiter {
        private final Thread thread;
        private final int size;
        private volatile boolean served;

        Waiter(Thread thread, int size) {
            this.thread = thread;
            this.size = size;
        }
    }
}
