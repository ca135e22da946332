package io.oncemq.quickstart;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes every twentieth message again: half of them at once, so that they meet the original while it is handled, half of them
 * later. Runs on a thread of its own.
 */
final class DuplicateInjector implements Runnable {
    private static final int ONE_OF = 20;
    private static final Duration LATER = Duration.ofSeconds(2);

    private record Held(long due, Tap.Original original) {}

    private final Broker broker;
    private final Stop stop;
    private final AtomicInteger injected = new AtomicInteger();
    private final Deque<Held> held = new ArrayDeque<>();
    private volatile boolean finish;
    private int originals;

    DuplicateInjector(Broker broker, Stop stop) {
        this.broker = broker;
        this.stop = stop;
    }

    int injected() {
        return injected.get();
    }

    /** Nothing new is published any more: reads to the end, writes what is held, and returns. */
    void finish() {
        finish = true;
    }

    @Override
    public void run() {
        try (Tap tap = broker.tap(stop)) {
            boolean last = false;
            while (!last && !stop.isRequested()) {
                // Looked at before the read: what was published before is then seen by it, or by a later one.
                boolean finishing = finish;
                List<Tap.Original> read = tap.read();
                read.forEach(this::consider);
                last = finishing && read.isEmpty() && tap.isAtEnd();
                writeHeld(last);
            }
            tap.flush();
        }
    }

    private void consider(Tap.Original original) {
        int number = originals++;
        if (number % ONE_OF != 0) {
            return;
        }
        if (number % (2 * ONE_OF) == 0) {
            original.writeAgain(injected::incrementAndGet);
        } else {
            held.add(new Held(System.nanoTime() + LATER.toNanos(), original));
        }
    }

    private void writeHeld(boolean all) {
        Held next = held.peek();
        while (next != null && (all || next.due() - System.nanoTime() <= 0)) {
            next.original().writeAgain(injected::incrementAndGet);
            held.remove();
            next = held.peek();
        }
    }
}
