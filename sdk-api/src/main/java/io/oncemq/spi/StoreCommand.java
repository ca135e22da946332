package io.oncemq.spi;

/**
 * One transition of a claim record.
 *
 * @param generation of the message: 0, or what a redrive has given it
 * @param attempt for {@link Type#START}: the number of the attempt that is about to run; for {@link Type#RENEW}: of the one
 *     that runs, or 0 for a claim that waits for its turn
 * @param fingerprint a checksum of the payload, remembered to tell another payload under a known id; 0 if unused
 * @param repeated whether an earlier try of this command, by this owner, may have been applied
 */
public record StoreCommand(
        Type type, RecordId id, Owner owner, int generation, int attempt, int fingerprint, boolean repeated) {

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
        /** The dead-letter publish is about to start; extends the lease. OK, LATE or STOLEN. */
        DEAD_LETTERING,
        /** The dead letter is confirmed. OK, LATE or STOLEN. */
        DEAD_LETTERED,
        /** Give the claim back; the handler never started or has returned. OK or STOLEN. */
        RELEASE
    }

    public static StoreCommand of(Type type, RecordId id, Owner owner) {
        return new StoreCommand(type, id, owner, 0, 0, 0, false);
    }

    public StoreCommand repeat() {
        return repeated ? this : new StoreCommand(type, id, owner, generation, attempt, fingerprint, true);
    }
}
