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
    private final AtomicLong cuts = new AtomicLong();

    private volatile long delayNanos;
    private volatile boolean swallowing;
    private boolean dropping;
    private final Budget requests = new Budget();
    private final Budget replies = new Budget();
    private byte @Nullable [] marker;
    private Reception reception = Reception.SERVE;

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

    /** How many bytes of requests still pass. */
    Budget requests() {
        return requests;
    }

    /** How many bytes of replies still pass. */
    Budget replies() {
        return replies;
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

    synchronized void receive(Reception how) {
        reception = how;
    }

    /** What becomes of a new connection. */
    synchronized Reception reception() {
        return reception;
    }

    synchronized void clear() {
        delayNanos = 0;
        swallowing = false;
        dropping = false;
        requests.lift();
        replies.lift();
        marker = null;
        reception = Reception.SERVE;
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

    void countCut() {
        cuts.incrementAndGet();
    }

    long cuts() {
        return cuts.get();
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
