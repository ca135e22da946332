package io.oncemq.torture.check;

import io.oncemq.spi.StoreCommand;
import org.jspecify.annotations.Nullable;

/** A claim that an owner was given, and what it was told about it since. */
final class Grant {
    static final long NEVER = Long.MAX_VALUE;

    final String process;
    final long owner;
    final long askedAt;
    final long answeredAt;
    final long token;
    /** When the latest command was asked for that was answered with a longer lease. */
    long extendedAt;

    /** When DONE was first asked for. */
    long doneAskedAt = NEVER;
    /** From the question for DONE to the answer that it is stored. */
    @Nullable
    Span done;

    Grant(String process, long owner, long askedAt, long answeredAt, long token) {
        this.process = process;
        this.owner = owner;
        this.askedAt = askedAt;
        this.answeredAt = answeredAt;
        this.token = token;
        this.extendedAt = askedAt;
    }

    boolean isOf(String itsProcess, long itsOwner) {
        return owner == itsOwner && process.equals(itsProcess);
    }

    void asked(StoreCommand.Type command, long nanos) {
        if (command == StoreCommand.Type.COMPLETE && doneAskedAt == NEVER) {
            doneAskedAt = nanos;
        }
    }
}
