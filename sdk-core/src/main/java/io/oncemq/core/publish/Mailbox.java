package io.oncemq.core.publish;

import java.util.concurrent.ConcurrentLinkedQueue;

/** What other threads ask the sender thread to do, in the order in which they asked. Thread-safe. */
final class Mailbox {
    private final ConcurrentLinkedQueue<Runnable> letters = new ConcurrentLinkedQueue<>();
    private final Inbox owner;

    /** @param owner the inbox on which the sender thread sleeps */
    Mailbox(Inbox owner) {
        this.owner = owner;
    }

    void post(Runnable letter) {
        letters.add(letter);
        owner.wake();
    }

    boolean isEmpty() {
        return letters.isEmpty();
    }

    /** Does all that was asked so far. Only the sender thread calls it. */
    void open() {
        for (Runnable letter = letters.poll(); letter != null; letter = letters.poll()) {
            letter.run();
        }
    }
}
