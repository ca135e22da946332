package io.oncemq.core.consume;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what is received and not settled. The source's thread adds before it hands a batch over, so what waits in the inbox is
 * counted too. Thread-safe.
 */
final class InFlight {
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final int maxCount;
    private final long maxBytes;

    InFlight(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    void add(int messages, long size) {
        count.addAndGet(messages);
        bytes.addAndGet(size);
    }

    void remove(int size) {
        count.decrementAndGet();
        bytes.addAndGet(-size);
    }

    int count() {
        return count.get();
    }

    boolean full() {
        return count.get() >= maxCount || bytes.get() >= maxBytes;
    }

    /** Well below the bound, so that the source is not paused and resumed for every message. */
    boolean roomy() {
        return count.get() <= maxCount / 4 * 3 && bytes.get() <= maxBytes / 4 * 3;
    }
}
