package io.oncemq.torture.check;

import java.util.ArrayList;
import java.util.List;

/** The life of one process. Written by {@link Frame} only. */
final class Incarnation {
    static final long NEVER = Long.MAX_VALUE;
    /** What a JVM ends with that SIGTERM has told to close. */
    private static final long TERMINATED = 143;
    /** A process writes a line at least so often. */
    private static final long SIGN_OF_LIFE = 250_000_000;

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
    private boolean askedToClose;
    /** When its source said nothing of any shard. */
    private final SpanSet silences = new SpanSet();

    private long saidAt = NEVER;
    /** When it stood still for long. */
    private final SpanSet standstills = new SpanSet();
    /** When it stood still, or waited for the store: what it then does not do is no omission. */
    private final SpanSet heldUp = new SpanSet();

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
            standstills.add(stoppedAt, nanos);
            heldUp.add(stoppedAt, nanos);
            stoppedAt = NEVER;
        }
    }

    /** @param gap from which on silence counts as a standstill */
    void alive(long nanos, long gap) {
        if (aliveAt != NEVER && nanos - aliveAt > gap) {
            standstills.add(aliveAt, nanos);
        }
        if (aliveAt != NEVER && nanos - aliveAt > 2 * SIGN_OF_LIFE) {
            heldUp.add(aliveAt + SIGN_OF_LIFE, nanos);
        }
        aliveAt = nanos;
    }

    /** @param gap from which on silence counts */
    void said(long nanos, long gap) {
        if (saidAt != NEVER && nanos - saidAt > gap) {
            silences.add(saidAt, nanos);
        }
        saidAt = nanos;
    }

    void askedToClose() {
        askedToClose = true;
    }

    void revoked(Place place, long nanos) {
        for (Leaving each : leavings) {
            if (each.place.equals(place)) {
                each.to = Math.min(each.to, nanos);
            }
        }
    }

    /** It stays in the state in which the history leaves it. */
    void ends(long nanos) {
        continued(nanos);
        said(nanos, 0);
        store.ends(Math.min(deadFrom(), nanos), deadBy(nanos));
        heldUp.addAll(store.waits());
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

    /** When a process that had worked ended without being told to, or in another way than it was told; {@link #NEVER} if it did not. */
    long endedByItselfAt() {
        boolean told = killingAt != NEVER || askedToClose && orderly();
        return worked && !told ? deadAt : NEVER;
    }

    long status() {
        return status;
    }

    boolean stoodStill(long from, long to) {
        return standstills.touches(from, to);
    }

    SpanSet silences() {
        return silences;
    }

    SpanSet standstills() {
        return standstills;
    }

    SpanSet heldUp() {
        return heldUp;
    }
}
