package io.oncemq.torture;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeSet;

/**
 * What is to be published of one key, in order. When the outcome of a message is unknown, nothing more is handed over until all that are open
 * have ended; then it goes first. For one thread.
 */
final class KeyLine {
    private static final int WINDOW = 8;

    private final String key;
    private final Deque<Long> waiting = new ArrayDeque<>();
    private final TreeSet<Long> unknown = new TreeSet<>();
    private long last;
    private int open;

    KeyLine(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    String id(long sequence) {
        return key + "-" + sequence;
    }

    /** One more message, with the next number. */
    void add() {
        waiting.add(++last);
    }

    /** The next to hand over, or 0 for none now. */
    long take() {
        if (!unknown.isEmpty()) {
            if (open > 0) {
                return 0;
            }
            unknown.descendingSet().forEach(waiting::addFirst);
            unknown.clear();
        }
        if (open >= WINDOW || waiting.isEmpty()) {
            return 0;
        }
        open++;
        return waiting.remove();
    }

    /** It will not be handed over again. */
    void ended() {
        open--;
    }

    void unknown(long sequence) {
        open--;
        unknown.add(sequence);
    }
}
