package io.oncemq.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One transition of a claim record.
 *
 * @param generation of the message: 0, or what a redrive has given it
 * @param attempt for {@link Type#START}: the number of the attempt that is about to run; for {@link Type#RENEW}: of the one
 *     that runs, or 0 for a claim that waits for its turn; for {@link Type#DEAD_LETTERING}: of the last one
 * @param fingerprint a checksum of the payload, remembered to tell another payload under a known id; 0 if unused
 * @param repeated whether an earlier try of this command, by this owner, may have been applied
 * @param cause for {@link Type#DEAD_LETTERING}: why, for the owner that may have to finish the dead letter, as a text that no store reads;
 *     at most {@value #MOST_CAUSE_BYTES} bytes of UTF-8. Empty: unknown; a recorded cause stays
 */
public record StoreCommand(
        Type type,
        RecordId id,
        Owner owner,
        int generation,
        int attempt,
        int fingerprint,
        boolean repeated,
        String cause) {
    public static final int MOST_CAUSE_BYTES = 200;

    /** @throws IllegalArgumentException if the cause is too long */
    public StoreCommand {
        if (!cause.isEmpty() && cause.getBytes(UTF_8).length > MOST_CAUSE_BYTES) {
            throw new IllegalArgumentException("the cause is longer than " + MOST_CAUSE_BYTES + " bytes: "
                    + cause.length() + " characters. Shorten it.");
        }
    }

    /** The transitions. Each but CLAIM presumes an earlier claim by the same owner. */
    public enum Type {
        /** Reserve the message for this owner. Answers: every claim answer of {@link StoreAnswer.Kind}. */
        CLAIM,
        /**
         * Extend the lease. OK, LATE (it had lapsed and is held again, or the record was lost while the handler runs) or STOLEN
         * (another owner holds it, or the record of a claim that waits was lost).
         */
        RENEW,
        /**
         * Write durably that attempt number {@code attempt} starts; extends the lease. OK, LATE or STOLEN (another owner holds it,
         * or the record was lost: claim again before the handler).
         */
        START,
        /** The effect is done. OK, LATE (the lease had lapsed, or the record was gone) or STOLEN (another owner holds it or is done). */
        COMPLETE,
        /**
         * The dead-letter publish is about to start, after {@code attempt} attempts and for {@code cause}; extends the lease. OK, LATE or
         * STOLEN.
         */
        DEAD_LETTERING,
        /** The dead letter is confirmed. OK, LATE or STOLEN. */
        DEAD_LETTERED,
        /** Give the claim back; the handler never started or has returned. OK or STOLEN. */
        RELEASE
    }

    public static StoreCommand of(Type type, RecordId id, Owner owner) {
        return new StoreCommand(type, id, owner, 0, 0, 0, false, "");
    }

    public StoreCommand repeat() {
        return repeated ? this : new StoreCommand(type, id, owner, generation, attempt, fingerprint, true, cause);
    }

    /** The same command with a cause. */
    public StoreCommand because(String cause) {
        return new StoreCommand(type, id, owner, generation, attempt, fingerprint, repeated, cause);
    }
}
