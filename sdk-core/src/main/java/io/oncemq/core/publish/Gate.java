package io.oncemq.core.publish;

import io.oncemq.spi.PublishListener;

/** Tells the engine when to pause: while a session's window is full, or the broker has blocked its connection. Thread-safe. */
public final class Gate {
    private final PublishListener listener;
    private final int window;
    private int open;
    private boolean full;
    private boolean blocked;
    private boolean told = true;

    /** @param window how many messages may be without an outcome; about half of them must end before it goes on */
    public Gate(PublishListener listener, int window) {
        this.listener = listener;
        this.window = window;
    }

    public synchronized void entered() {
        open++;
        if (!full && open >= window) {
            full = true;
            tell();
        }
    }

    public synchronized void left(int count) {
        open -= count;
        if (full && open <= window / 2) {
            full = false;
            tell();
        }
    }

    /** The broker has blocked the connection. @param reason in its words */
    public synchronized void blocked(String reason) {
        blocked = true;
        tell();
        listener.blocked(null, reason);
    }

    public synchronized void unblocked() {
        blocked = false;
        tell();
        listener.unblocked(null);
    }

    private void tell() {
        boolean writable = !full && !blocked;
        if (writable != told) {
            told = writable;
            listener.writable(writable);
        }
    }
}
