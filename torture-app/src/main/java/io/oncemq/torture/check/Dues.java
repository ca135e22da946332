package io.oncemq.torture.check;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * What has to happen in a process within a time; within half as much again where the machine was crowded. Time in which the process was
 * {@linkplain Incarnation#heldUp held up} does not count, but what is beyond it does: a cause moves the end and excuses nothing. A process
 * that dies first owes nothing. Used by one thread.
 */
final class Dues {
    private final PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparingLong(each -> each.at));
    private final Frame frame;

    Dues(Frame frame) {
        this.frame = frame;
    }

    /**
     * @param bound not judged if it is 0
     * @param missed is told if it has not {@linkplain Due#met() been met} by then; may expect anew
     */
    Due expect(String process, long from, long bound, Consumer<Due> missed) {
        Due due = new Due(process, from, bound, missed);
        if (bound > 0) {
            queue.add(due);
        }
        return due;
    }

    /** To be called with each event, before it is looked at. */
    void pass(long now) {
        for (Due due = queue.peek(); due != null && due.at < now; due = queue.peek()) {
            queue.remove();
            if (due.open && !frame.incarnation(due.process).deadBy(due.at)) {
                long spent = frame.incarnation(due.process).heldUp().outside(due.from, due.at);
                long bound = frame.crowded().touches(due.from, due.at) ? due.bound * 3 / 2 : due.bound;
                if (spent >= bound) {
                    due.open = false;
                    due.missed.accept(due);
                } else {
                    due.at += bound - spent;
                    queue.add(due);
                }
            }
        }
    }

    /** Something that is due. */
    static final class Due {
        final String process;
        final long from;
        final long bound;
        private final Consumer<Due> missed;
        private long at;
        private boolean open = true;

        private Due(String process, long from, long bound, Consumer<Due> missed) {
            this.process = process;
            this.from = from;
            this.bound = bound;
            this.missed = missed;
            this.at = from + bound;
        }

        void met() {
            open = false;
        }

        /** When it had to have happened at the latest. */
        long at() {
            return at;
        }

        @Override
        public String toString() {
            return "within " + bound / 1_000_000 + " ms";
        }
    }
}
