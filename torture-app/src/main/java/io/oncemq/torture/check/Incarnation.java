package io.oncemq.torture.check;

import java.util.ArrayList;
import java.util.List;

/** The life of one process. Written by {@link Frame} only. */
final class Incarnation {
    static final long NEVER = Long.MAX_VALUE;

    final String name;
    long startedAt = Long.MIN_VALUE;
    /** Its own last word. */
    long lastWord = Long.MIN_VALUE;

    private long killingAt = NEVER;
    private long deadAt = NEVER;
    private boolean orderly;
    private long aliveAt = NEVER;
    /** When it stood still, or was being moved from its shards. */
    final List<Span> standstills = new ArrayList<>();

    final List<Span> moves = new ArrayList<>();
    private long stoppedAt = NEVER;

    Incarnation(String name) {
        this.name = name;
    }

    void killing(long nanos) {
        killingAt = Math.min(killingAt, nanos);
    }

    void dead(long nanos, long status) {
        deadAt = Math.min(deadAt, nanos);
        orderly = status == 0;
    }

    void stopped(long nanos) {
        stoppedAt = nanos;
    }

    void continued(long nanos) {
        if (stoppedAt != NEVER) {
            standstills.add(new Span(stoppedAt, nanos));
            stoppedAt = NEVER;
        }
    }

    /** @param gap from which on silence counts */
    void alive(long nanos, long gap) {
        if (aliveAt != NEVER && nanos - aliveAt > gap) {
            standstills.add(new Span(aliveAt, nanos));
        }
        aliveAt = nanos;
    }

    /** It stays in the state in which the history leaves it. */
    void ends(long nanos) {
        continued(nanos);
    }

    /** From when on it may be dead; {@link #NEVER} if it lives on. */
    long deadFrom() {
        if (killingAt != NEVER) {
            return killingAt;
        }
        return deadAt == NEVER ? NEVER : Math.min(deadAt, Math.max(lastWord, startedAt));
    }

    boolean deadBy(long nanos) {
        return deadFrom() <= nanos;
    }

    /** Whether it ended in another way than by an orderly close. */
    boolean crashed() {
        return killingAt != NEVER || (deadAt != NEVER && !orderly);
    }

    boolean stoodStill(long from, long to) {
        return standstills.stream().anyMatch(span -> span.overlaps(from, to));
    }
}
