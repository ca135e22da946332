package io.oncemq.testkit.fault;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The faults in force and what they did, shared by all connections of a proxy. Thread-safe. */
final class Faults {
    private final AtomicLong requestBytes = new AtomicLong();
    private final AtomicLong replyBytes = new AtomicLong();
    private final AtomicLong swallowedBytes = new AtomicLong();
    private final AtomicLong resets = new AtomicLong();

    private volatile long delayNanos;
    private volatile boolean swallowing;
    private boolean dropping;
    private long replyBudget = Long.MAX_VALUE;
    private byte @Nullable [] marker;
    private byte @Nullable [] turningAway;

    void delay(Duration oneWay) {
        if (oneWay.isNegative()) {
            throw new IllegalArgumentException("a delay cannot be negative: " + oneWay);
        }
        delayNanos = oneWay.toNanos();
    }

    long delayNanos() {
        return delayNanos;
    }

    synchronized void drop() {
        dropping = true;
    }

    /** Blocks while the proxy drops. */
    synchronized void awaitFlow() throws InterruptedException {
        while (dropping) {
            wait();
        }
    }

    void swallowReplies() {
        swallowing = true;
    }

    boolean swallowing() {
        return swallowing;
    }

    synchronized void replyBudget(long bytes) {
        replyBudget = bytes;
    }

    /** Takes up to {@code wanted} bytes out of the budget of replies. */
    synchronized int takeReplyBytes(int wanted) {
        if (replyBudget == Long.MAX_VALUE) {
            return wanted;
        }
        int granted = (int) Math.min(wanted, replyBudget);
        replyBudget -= granted;
        return granted;
    }

    synchronized void marker(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("an empty marker is in every request");
        }
        marker = bytes.clone();
    }

    synchronized byte @Nullable [] marker() {
        return marker;
    }

    /** Claims the marker for one connection; false if another one was faster or the faults ended. */
    synchronized boolean takeMarker(byte[] seen) {
        boolean mine = marker == seen;
        if (mine) {
            marker = null;
        }
        return mine;
    }

    /** @param answer to each new connection, before it is closed */
    synchronized void turnAway(byte[] answer) {
        turningAway = answer.clone();
    }

    /** The answer to a new connection that is closed then, or null for one that is served. */
    synchronized byte @Nullable [] turnsAway() {
        return turningAway;
    }

    synchronized void clear() {
        delayNanos = 0;
        swallowing = false;
        dropping = false;
        replyBudget = Long.MAX_VALUE;
        marker = null;
        turningAway = null;
        notifyAll();
    }

    void countRequest(int bytes) {
        requestBytes.addAndGet(bytes);
    }

    void countReply(int bytes) {
        replyBytes.addAndGet(bytes);
    }

    void countSwallowed(int bytes) {
        swallowedBytes.addAndGet(bytes);
    }

    void countReset() {
        resets.incrementAndGet();
    }

    long requestBytes() {
        return requestBytes.get();
    }

    long replyBytes() {
        return replyBytes.get();
    }

    long swallowedBytes() {
        return swallowedBytes.get();
    }

    long resets() {
        return resets.get();
    }
}
