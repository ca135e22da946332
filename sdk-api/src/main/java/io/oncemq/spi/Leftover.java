package io.oncemq.spi;

import org.jspecify.annotations.Nullable;

/**
 * A session's answer about a message that had no outcome by its deadline.
 *
 * @param cause why it had no outcome, if that is known
 */
public record Leftover(Fate fate, @Nullable Throwable cause) {
    /** The message's fate is unknown, and the session may hold it for ever: another session replaces this one. */
    public static final Leftover STUCK = new Leftover(Fate.STUCK, null);

    /** Where it is, and whether the session is of use. */
    public enum Fate {
        /** It was never handed to the broker's client, and will not be. It gets no outcome from the session. */
        WITHDRAWN,
        /** It may be stored, now or later. What holds it up concerns its shard alone; the session works for the others. */
        SHARD_HELD,
        /** It may be stored, and the session is of no use. */
        STUCK
    }

    public static Leftover withdrawn(@Nullable Throwable cause) {
        return new Leftover(Fate.WITHDRAWN, cause);
    }

    public static Leftover shardHeld(@Nullable Throwable cause) {
        return new Leftover(Fate.SHARD_HELD, cause);
    }
}
