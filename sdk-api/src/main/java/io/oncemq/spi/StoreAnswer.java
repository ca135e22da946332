package io.oncemq.spi;

import java.time.Duration;

/**
 * The store's answer to one command.
 *
 * @param token the fencing token; for ACQUIRED, MINE and DEAD_LETTERING, else 0
 * @param attempt how many attempts are durably known to have started; for ACQUIRED, MINE, IN_DOUBT and DEAD_LETTERING
 * @param suspect for ACQUIRED and MINE: an earlier owner's claim lapsed, so START must be written before the handler
 * @param remaining for BUSY: until the other owner's lease lapses, or the wait after a loss of data ends
 * @param otherPayload for DONE: the remembered fingerprint differs from the command's
 * @param cause for DEAD_LETTERING: the one of the command that marked it; empty if it is unknown
 */
public record StoreAnswer(
        Kind kind, long token, int attempt, boolean suspect, Duration remaining, boolean otherPayload, String cause) {

    /** The answers; the first eight are those to CLAIM. */
    public enum Kind {
        /** Claimed. */
        ACQUIRED,
        /** Claimed already by this very owner (a repeated command met its own write); the lease is extended. */
        MINE,
        /** Another owner holds it, or may do so since the store lost its data: see {@link ClaimStore#dataLosses}. */
        BUSY,
        /** An attempt started and never ended, and the group's crash policy is QUARANTINE. Claimed, for the dead letter. */
        IN_DOUBT,
        DONE,
        /** Its dead-letter publish started and is not known to have ended. Claimed, to finish it; never for the handler. */
        DEAD_LETTERING,
        DEAD_LETTERED,
        PARKED,
        OK,
        LATE,
        STOLEN,
        /** This command's fate is unknown; repeat it. */
        UNKNOWN
    }

    private static final StoreAnswer[] PLAIN = new StoreAnswer[Kind.values().length];

    static {
        for (Kind kind : Kind.values()) {
            PLAIN[kind.ordinal()] = new StoreAnswer(kind, 0, 0, false, Duration.ZERO, false, "");
        }
    }

    /** An answer without details; shared. */
    public static StoreAnswer of(Kind kind) {
        return PLAIN[kind.ordinal()];
    }

    public static StoreAnswer claimed(Kind kind, long token, int attempt, boolean suspect) {
        return new StoreAnswer(kind, token, attempt, suspect, Duration.ZERO, false, "");
    }

    /** A claim of what an earlier owner has marked, for a cause that may be unknown. */
    public static StoreAnswer deadLettering(long token, int attempt, String cause) {
        return new StoreAnswer(Kind.DEAD_LETTERING, token, attempt, false, Duration.ZERO, false, cause);
    }

    public static StoreAnswer busy(Duration remaining) {
        return new StoreAnswer(Kind.BUSY, 0, 0, false, remaining, false, "");
    }

    public static StoreAnswer done(boolean otherPayload) {
        return otherPayload ? new StoreAnswer(Kind.DONE, 0, 0, false, Duration.ZERO, true, "") : of(Kind.DONE);
    }
}
