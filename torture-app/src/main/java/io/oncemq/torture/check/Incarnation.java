package io.oncemq.torture.check;

import java.util.ArrayList;
import java.util.List;

/** The life of one process. Written by {@link Frame} only. */
final class Incarnation {
    static final long NEVER = Long.MAX_VALUE;
    /** What a JVM ends with that SIGTERM has told to close. */
    private static final long TERMINATED = 143;
    /** What a process ends with that SIGKILL has ended. */
    private static final long KILLED = 137;

    final String name;
    long startedAt = Long.MIN_VALUE;
    /** Its own last word. */
    long lastWord = Long.MIN_VALUE;
    /** Whether it ever had a shard. */
    boolean worked;

    private long killingAt = NEVER;
    private long deadAt = NEVER;
    private long status;
    private long aliveAt = NEVER;
    /** When it stood still. */
    private final List<Span> standstills = new ArrayList<>();

    final List<Leaving> leavings = new ArrayList<>();
    final StoreTraffic store = new StoreTraffic();
    private long stoppedAt = NEVER;

    Incarnation(String name) {
        this.name = name;
    }

    void killing(long nanos) {
        killingAt = Math.min(killingAt, nanos);
    }

    void dead(long nanos, long itsStatus) {
        deadAt = Math.min(deadAt, nanos);
        status = itsStatus;
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

    void revoked(Place place, long nanos) {
        for (Leaving each : leavings) {
            if (each.place.equals(place)) {
                each.to = Math.min(each.to, nanos);
            }
        }
    }

    /** It stays in the state in which the history leaves it. */
    void ends(long nanos, long patience) {
        continued(nanos);
        store.ends(Math.min(deadFrom(), nanos), patience, deadBy(nanos));
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
        return killingAt != NEVER || (deadAt != NEVER && !orderly());
    }

    /** Whether it ended by an orderly close. */
    boolean closed() {
        return deadAt != NEVER && !crashed();
    }

    private boolean orderly() {
        return status == 0 || status == TERMINATED;
    }

    /** When a process that had worked ended although nobody had told it to; {@link #NEVER} if it did not. */
    long endedByItselfAt() {
        return worked && crashed() && killingAt == NEVER && status != KILLED ? deadAt : NEVER;
    }

    long status() {
        return status;
    }

    boolean stoodStill(long from, long to) {
        return standstills.stream().anyMatch(span -> span.overlaps(from, to));
    }
}
