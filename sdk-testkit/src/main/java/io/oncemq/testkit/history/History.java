package io.oncemq.testkit.history;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What happened to each message, kept small enough for ten million events (some 75 bytes per message and 20 per effect).
 *
 * <p>Events are recorded in the order in which they happened: of one ledger, its own order. Thread-safe. The checks read
 * a history that nothing is being added to.
 */
public final class History {
    private final TextTable ids = new TextTable();
    private final TextTable keys = new TextTable();
    private final Map<Long, Kill> kills = new HashMap<>();
    private int[] flags = new int[1 << 10];
    private int[] keyOf = new int[1 << 10];
    private long[] sequenceOf = new long[1 << 10];
    private long[] doneAt = new long[1 << 10];
    private Effects effects = new Effects();

    /** Reads a whole ledger into a new history. */
    public static History of(Path ledger) {
        History history = new History();
        EffectLedger.read(ledger, history::record);
        return history;
    }

    /** It was handed to the publisher as the {@code sequence}th of its key. */
    public void published(String id, String key, long sequence) {
        record(Event.now(EventKind.PUBLISHED, key, id, sequence, 0, null));
    }

    /** The publisher reported an outcome: CONFIRMED, UNKNOWN or REJECTED. */
    public void outcome(EventKind outcome, String id, String key, long sequence) {
        record(Event.now(outcome, key, id, sequence, 0, null));
    }

    /** A process is about to be killed: from now on, another one may repeat what this one had under way. */
    public void killing(long process) {
        record(Event.ofProcess(EventKind.KILLING, process));
    }

    /** A process is dead: from now on, it has no effect. */
    public void killed(long process) {
        record(Event.ofProcess(EventKind.KILLED, process));
    }

    /** Adds an event that happened after all those recorded before. */
    public synchronized void record(Event event) {
        switch (event.kind()) {
            case KILLING -> kills.put(event.process(), new Kill(event.nanos(), Long.MAX_VALUE));
            case KILLED ->
                kills.merge(
                        event.process(),
                        new Kill(event.nanos(), event.nanos()),
                        (begun, ended) -> new Kill(begun.begunNanos, ended.endedNanos));
            default -> recordMessage(event);
        }
    }

    private void recordMessage(Event event) {
        int message = ids.add(event.id());
        ensureRoomFor(message);
        boolean first = flags[message] == 0;
        flags[message] |= bit(event.kind());
        if (first || event.kind() == EventKind.PUBLISHED) {
            keyOf[message] = keys.add(event.key());
            sequenceOf[message] = event.sequence();
        }
        if (event.kind() == EventKind.DONE && doneAt[message] == Long.MAX_VALUE) {
            doneAt[message] = event.nanos();
        }
        if (event.kind() == EventKind.EFFECT) {
            effects.add(message, event.process(), event.nanos());
        }
    }

    private void ensureRoomFor(int message) {
        int room = flags.length;
        if (message >= room) {
            flags = Arrays.copyOf(flags, room * 2);
            keyOf = Arrays.copyOf(keyOf, room * 2);
            sequenceOf = Arrays.copyOf(sequenceOf, room * 2);
            doneAt = Arrays.copyOf(doneAt, room * 2);
        }
        if (flags[message] == 0) {
            doneAt[message] = Long.MAX_VALUE;
        }
    }

    /** How many messages had an event of this kind. */
    public synchronized long messages(EventKind kind) {
        long count = 0;
        for (int message = 0; message < ids.size(); message++) {
            count += has(message, kind) ? 1 : 0;
        }
        return count;
    }

    /** How many effects there were, repeated ones included. */
    public synchronized long effects() {
        return effects.size();
    }

    boolean has(int message, EventKind kind) {
        return (flags[message] & bit(kind)) != 0;
    }

    synchronized int messages() {
        return ids.size();
    }

    synchronized int keys() {
        return keys.size();
    }

    int key(int message) {
        return keyOf[message];
    }

    long sequence(int message) {
        return sequenceOf[message];
    }

    /** When the store first heard that it is done; {@link Long#MAX_VALUE} if never. */
    long doneNanos(int message) {
        return doneAt[message];
    }

    /** The kill of a process; one that begins at the end of time if it was not killed. */
    Kill kill(long process) {
        return kills.getOrDefault(process, Kill.NEVER);
    }

    Effects effectsInOrder() {
        return effects;
    }

    /** Names a message in a finding. */
    String describe(int message) {
        return ids.text(message) + " (key " + keys.text(keyOf[message]) + ", sequence " + sequenceOf[message] + ")";
    }

    /** The bits live in memory only, so the order of the kinds is no format. */
    @SuppressWarnings("EnumOrdinal")
    private static int bit(EventKind kind) {
        return 1 << kind.ordinal();
    }

    /**
     * When a process was killed.
     *
     * @param begunNanos before the signal was sent
     * @param endedNanos when it was known to be dead
     */
    record Kill(long begunNanos, long endedNanos) {
        static final Kill NEVER = new Kill(Long.MAX_VALUE, Long.MIN_VALUE);
    }
}
