package io.oncemq.core.publish;

import io.oncemq.core.publish.RoomShares.Share;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many messages, and how many bytes of them, may be open at once. Thread-safe. One message larger than the bound may fly
 * alone.
 *
 * <p>Count and bytes share one word, so that taking and returning are one atomic step each for the whole and one for the share of a partition:
 * {@link RoomShares} keeps room for the others when one partition is stuck. Whoever finds no room waits in
 * line; room is given to the line once a quarter of the bound is free, since waking a publisher for each returned message
 * costs more than the message. A waiter also looks by itself every few milliseconds, so it is never kept from room that
 * exists. Nobody waits in line for the room of another partition. Newcomers may take room past the line, except while the first of their
 * partition asks for more bytes than were free, or one of any partition asks for more of the common half.
 */
public final class InFlightBudget {
    private static final int BYTE_BITS = 33;
    private static final long BYTE_MASK = (1L << BYTE_BITS) - 1;
    private static final long FIRST_LOOK_NANOS = 1_000_000;
    private static final long LAST_LOOK_NANOS = 32_000_000;

    private final int maxMessages;
    private final long maxBytes;
    private final IntSupplier partitions;
    private final AtomicLong used = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> line = new ArrayDeque<>();
    private volatile RoomShares shares;
    private volatile boolean waited;
    private volatile boolean commonReserved;
    private long looks;

    /** For a single partition. @param maxBytes counted up to 8 GiB */
    public InFlightBudget(int maxMessages, long maxBytes) {
        this(maxMessages, maxBytes, () -> 1);
    }

    /** @param partitions over how many keys are placed now; 0 while that is not known. Called for each message, so it may not block */
    InFlightBudget(int maxMessages, long maxBytes, IntSupplier partitions) {
        this.maxMessages = maxMessages;
        this.maxBytes = Math.min(maxBytes, BYTE_MASK);
        this.partitions = partitions;
        this.shares = new RoomShares(this, 1, maxMessages, this.maxBytes);
    }

    /** The number of open messages. */
    public int messages() {
        return messages(used.get());
    }

    /** The sum of their sizes. */
    public long bytes() {
        return bytes(used.get());
    }

    /**
     * Takes room for one message; blocks until there is some.
     *
     * @param keyHash which tells its partition
     * @param keyed whether it must go there
     * @param deadline on the ticker's scale
     * @return to whom the room is to be returned; null if there was none by the deadline, or the thread was interrupted (its flag stays set)
     */
    @Nullable
    Share acquire(int size, int keyHash, boolean keyed, long deadline, LongSupplier ticker) {
        RoomShares divided = shares();
        Share share = divided.of(keyHash);
        if (hasRoom(share, size)) {
            return share;
        }
        if (!keyed) {
            share = divided.spare();
            if (hasRoom(share, size)) {
                return share;
            }
        }
        return waitInLine(new Waiter(Thread.currentThread(), share, size), deadline, ticker) ? share : null;
    }

    /** Returns the room of one message. Never blocks for long: callers are broker clients' threads. */
    void release(Share share, int size) {
        boolean worthALook = share.release(size);
        long after = used.addAndGet(-word(size));
        if (waited && (worthALook && isRoomy(after) || after == 0)) {
            serve();
        }
    }

    Share share(int keyHash) {
        return shares().of(keyHash);
    }

    private RoomShares shares() {
        int number = Math.max(1, partitions.getAsInt());
        RoomShares current = shares;
        return current.partitions() == number ? current : divide(number);
    }

    /** What is open under the former shares counts for the whole only. */
    private RoomShares divide(int number) {
        lock.lock();
        try {
            if (shares.partitions() != number) {
                shares = new RoomShares(this, number, maxMessages, maxBytes);
            }
            return shares;
        } finally {
            lock.unlock();
        }
    }

    private boolean isRoomy(long state) {
        return messages(state) <= RoomShares.enough(maxMessages) && bytes(state) <= RoomShares.enough(maxBytes);
    }

    private boolean waitInLine(Waiter waiter, long deadline, LongSupplier ticker) {
        lock.lock();
        try {
            line.add(waiter);
            waiter.share.waiting++;
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

    /** Gives room to the line: in each partition, and of the common half, first come first served. */
    private void serve() {
        lock.lock();
        try {
            looks++;
            boolean ownOnly = false;
            for (Iterator<Waiter> waiters = line.iterator(); waiters.hasNext(); ) {
                Waiter waiter = waiters.next();
                Share share = waiter.share;
                if (share.refusedAt == looks) {
                    continue;
                }
                if (take(share, waiter.size, ownOnly)) {
                    waiters.remove();
                    left(waiter);
                    waiter.served = true;
                    LockSupport.unpark(waiter.thread);
                } else {
                    share.refusedAt = looks;
                    share.reserved = messages() < maxMessages && share.hasPlace();
                    ownOnly |= share.reserved;
                }
            }
            waited = !line.isEmpty();
            commonReserved = ownOnly;
        } finally {
            lock.unlock();
        }
    }

    private static void left(Waiter waiter) {
        waiter.share.waiting--;
        waiter.share.reserved = false;
    }

    /** @return whether room was given at the last moment */
    private boolean leave(Waiter waiter) {
        lock.lock();
        try {
            if (line.remove(waiter)) {
                left(waiter);
            }
        } finally {
            lock.unlock();
        }
        serve();
        return waiter.served;
    }

    private boolean hasRoom(Share share, int size) {
        return !share.reserved && take(share, size, commonReserved);
    }

    private boolean take(Share share, int size, boolean ownOnly) {
        long before = used.get();
        while (fits(before, size)) {
            if (used.compareAndSet(before, before + word(size))) {
                if (share.take(size, ownOnly)) {
                    return true;
                }
                used.addAndGet(-word(size));
                return false;
            }
            before = used.get();
        }
        return false;
    }

    private boolean fits(long state, int size) {
        return state == 0 || messages(state) < maxMessages && bytes(state) + size <= maxBytes;
    }

    static long word(int size) {
        return word(1, size);
    }

    static long word(int messages, long bytes) {
        return ((long) messages << BYTE_BITS) | bytes;
    }

    static long bytes(long state) {
        return state & BYTE_MASK;
    }

    static int messages(long state) {
        return (int) (state >>> BYTE_BITS);
    }

    private static final class Waiter {
        private final Thread thread;
        private final Share share;
        private final int size;
        private volatile boolean served;

        Waiter(Thread thread, Share share, int size) {
            this.thread = thread;
            this.share = share;
            this.size = size;
        }
    }
}
