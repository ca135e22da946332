package io.oncemq.core;

import io.oncemq.spi.support.Nanos;
import java.time.Duration;

/**
 * How the steps of a close share one deadline. The first step is the one that waits for others, and has most of it. The later ones have a
 * reserve at its end, a slot for each, so that a first step that hangs leaves time for the rest. A step is asked to end when its slot
 * begins, and left behind when its slot is over. A step that ends early leaves its time to the next one.
 */
final class CloseSchedule {
    /** What all steps together may take beyond the deadline. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private static final long LONGEST_RESERVE = Duration.ofSeconds(2).toNanos();
    private static final int SHARE_OF_RESERVE = 5;

    private final long begin;
    private final long asked;
    private final long end;
    private final int steps;

    private CloseSchedule(long begin, long asked, long end, int steps) {
        this.begin = begin;
        this.asked = asked;
        this.end = end;
        this.steps = steps;
    }

    static CloseSchedule from(long now, Duration deadline, int steps) {
        long nanos = Nanos.of(deadline);
        long reserve = steps > 1 ? Math.min(nanos / SHARE_OF_RESERVE, LONGEST_RESERVE) : 0;
        return new CloseSchedule(now, nanos - reserve, nanos + GRACE.toNanos(), steps);
    }

    boolean endsBefore(CloseSchedule other) {
        return begin + end - (other.begin + other.end) < 0;
    }

    /** What the step is given: until its slot begins, and at the longest until the deadline. */
    Duration left(int step, long now) {
        long asksAt = step == 0 ? asked : Math.min(slotEnd(step - 1), end - GRACE.toNanos());
        return Duration.ofNanos(Math.max(0, asksAt - (now - begin)));
    }

    /** When it is left behind. */
    Duration abandonedIn(int step, long now) {
        return Duration.ofNanos(Math.max(0, slotEnd(step) - (now - begin)));
    }

    /** Half of what is there beyond the first step's time is for its own end, the rest in equal parts for the others. */
    private long slotEnd(int step) {
        if (step == steps - 1) {
            return end;
        }
        long half = (end - asked) / 2;
        return asked + half + half * step / (steps - 1);
    }
}
