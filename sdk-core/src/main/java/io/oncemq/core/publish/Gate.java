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

    public synchronized void blocked(boolean now) {
        blocked = now;
        tell();
    }

    private void tell() {
        boolean writable = !full && !blocked;
        if (writable != told) {
            told = writable;
            listener.writable(writable);
        }
    }
}
