package io.oncemq.core.claim;

import io.oncemq.spi.Owner;
import java.time.Instant;

/**
 * What is known of one message in one group. No record at all means that nobody has claimed it.
 *
 * @param owner {@link #NOBODY} once released or settled
 * @param leaseUntil from this instant on another owner may take the claim over
 * @param token the fencing token given last
 * @param attempt how many attempts are durably known to have started
 * @param suspect an owner's claim lapsed, so a handler may have died with it
 * @param generation the highest generation that has claimed it
 * @param fingerprint of the payload that is done, or 0
 * @param cause why it is dead-lettered, or empty
 */
record ClaimRecord(
        Phase phase,
        Owner owner,
        Instant leaseUntil,
        long token,
        int attempt,
        boolean suspect,
        int generation,
        int fingerprint,
        String cause) {

    /** Owns nothing; no client draws these numbers. */
    static final Owner NOBODY = new Owner(0, 0);

    enum Phase {
        /** Claimed, perhaps ahead of its turn; never in doubt. */
        RESERVED,
        /** A handler's start was written. */
        STARTED,
        /** A started handler's owner disappeared, and its group does not run such a message again. */
        IN_DOUBT,
        /** Its dead letter may be under way. */
        DEAD_LETTERING,
        DONE,
        DEAD_LETTERED,
        PARKED;

        boolean settled() {
            return compareTo(DONE) >= 0;
        }
    }

    static ClaimRecord settled(Phase phase, int generation, int fingerprint) {
        return new ClaimRecord(phase, NOBODY, Instant.EPOCH, 0, 0, false, generation, fingerprint, "");
    }

    boolean ownedBy(Owner other) {
        return owner.equals(other);
    }

    boolean released() {
        return owner.equals(NOBODY);
    }

    boolean lapsed(Instant now) {
        return !now.isBefore(leaseUntil);
    }

    ClaimRecord phase(Phase next) {
        return new ClaimRecord(next, owner, leaseUntil, token, attempt, suspect, generation, fingerprint, cause);
    }

    ClaimRecord heldBy(Owner next, Instant until) {
        return new ClaimRecord(phase, next, until, token, attempt, suspect, generation, fingerprint, cause);
    }

    ClaimRecord token(long next) {
        return new ClaimRecord(phase, owner, leaseUntil, next, attempt, suspect, generation, fingerprint, cause);
    }

    ClaimRecord attempt(int next) {
        return new ClaimRecord(phase, owner, leaseUntil, token, next, suspect, generation, fingerprint, cause);
    }

    ClaimRecord suspect(boolean next) {
        return new ClaimRecord(phase, owner, leaseUntil, token, attempt, next, generation, fingerprint, cause);
    }

    /** An unknown cause does not replace a known one. */
    ClaimRecord cause(String next) {
        return next.isEmpty()
                ? this
                : new ClaimRecord(phase, owner, leaseUntil, token, attempt, suspect, generation, fingerprint, next);
    }

    ClaimRecord generation(int next) {
        return new ClaimRecord(phase, owner, leaseUntil, token, attempt, suspect, next, fingerprint, cause);
    }
}
