package io.oncemq.testkit.history;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened. Immutable.
 *
 * @param kind what happened
 * @param wall the wall clock, for people; kept to the microsecond
 * @param nanos the monotonic clock of the machine ({@link System#nanoTime}), comparable among its processes
 * @param process the operating system's id of the process
 * @param key the ordering key; empty if the message has none
 * @param id the message id; empty for what concerns a process only
 * @param sequence the message's place among those of its key, as published
 * @param attempt which try of handling this is, from 1 on; 0 where that does not apply
 * @param token the fencing token; null if there is none
 */
public record Event(
        EventKind kind,
        Instant wall,
        long nanos,
        long process,
        String key,
        String id,
        long sequence,
        int attempt,
        @Nullable Long token) {

    public Event {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(wall, "wall");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(id, "id");
    }

    /** Something that happens now to a message, in this process. */
    public static Event now(EventKind kind, String key, String id, long sequence, int attempt, @Nullable Long token) {
        long process = ProcessHandle.current().pid();
        return new Event(kind, Instant.now(), System.nanoTime(), process, key, id, sequence, attempt, token);
    }

    /** Something that happens now to a process. */
    public static Event ofProcess(EventKind kind, long process) {
        return new Event(kind, Instant.now(), System.nanoTime(), process, "", "", 0, 0, null);
    }
}
