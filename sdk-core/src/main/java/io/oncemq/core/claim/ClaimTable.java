package io.oncemq.core.claim;

import static io.oncemq.core.claim.ClaimRecord.NOBODY;
import static io.oncemq.spi.StoreAnswer.Kind.ACQUIRED;
import static io.oncemq.spi.StoreAnswer.Kind.LATE;
import static io.oncemq.spi.StoreAnswer.Kind.MINE;
import static io.oncemq.spi.StoreAnswer.Kind.OK;
import static io.oncemq.spi.StoreAnswer.Kind.STOLEN;

import io.oncemq.CrashPolicy;
import io.oncemq.core.claim.ClaimRecord.Phase;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The transitions of a claim record, as docs/claim-states.md draws them. Every store follows this table; it is pure, so that a
 * search can walk all of it.
 *
 * <p>Five rules carry the rest. A record changes hands only when its lease has lapsed or its owner gave it back. A settled
 * record is never unsettled by a command that comes late; only a claim of a higher generation reopens a dead letter. Whoever
 * takes over a lapsed claim becomes a suspect's owner, because a handler may have died with it. What an owner reports as
 * done is believed unless somebody else has taken the claim. And a store that lost its data grants nothing anew for a lease,
 * within which whoever runs a handler writes its record again, and nobody who merely waits for his turn does.
 */
final class ClaimTable {
    /** @param record what remains, or null */
    record Step(@Nullable ClaimRecord record, StoreAnswer answer) {}

    private final CrashPolicy crashPolicy;
    private final Duration lease;

    ClaimTable(CrashPolicy crashPolicy, Duration lease) {
        this.crashPolicy = crashPolicy;
        this.lease = lease;
    }

    /** @param tokens gives the next fencing token; drawn from only where one is given out */
    Step apply(@Nullable ClaimRecord record, StoreCommand command, Instant now, LongSupplier tokens) {
        return switch (command.type()) {
            case CLAIM -> claim(record, command, now, tokens);
            case RENEW, START, DEAD_LETTERING -> hold(record, command, now, tokens);
            case COMPLETE -> settle(record, command, now, Phase.DONE);
            case DEAD_LETTERED -> settle(record, command, now, Phase.DEAD_LETTERED);
            case RELEASE -> release(record, command);
        };
    }

    /**
     * What remains of a step in a store that lost its data and waits until {@code open}: a claim is not granted to anybody but
     * the record's owner, since a handler may run whose record is gone.
     */
    static Step afterLoss(Step step, @Nullable ClaimRecord record, StoreCommand command, Instant now, Instant open) {
        boolean granted = switch (step.answer().kind()) {
            case ACQUIRED, IN_DOUBT, DEAD_LETTERING -> record == null || !record.ownedBy(command.owner());
            default -> false;
        };
        return granted && now.isBefore(open) ? new Step(record, StoreAnswer.busy(Duration.between(now, open))) : step;
    }

    private Step claim(@Nullable ClaimRecord record, StoreCommand command, Instant now, LongSupplier tokens) {
        if (record == null) {
            return claimed(fresh(command, now), tokens, ACQUIRED);
        }
        if (record.phase() == Phase.DONE) {
            return new Step(record, StoreAnswer.done(differ(record.fingerprint(), command.fingerprint())));
        }
        if (record.phase().settled()) {
            return command.generation() > record.generation()
                    ? claimed(fresh(command, now), tokens, ACQUIRED)
                    : answer(record, StoreAnswer.Kind.valueOf(record.phase().name()));
        }
        // A higher generation has been claimed: every lower one ended in the dead letter, or there were no redrive.
        if (command.generation() < record.generation()) {
            return answer(record, StoreAnswer.Kind.DEAD_LETTERED);
        }
        if (record.ownedBy(command.owner())) {
            return claimed(record.heldBy(command.owner(), now.plus(lease)), tokens, MINE);
        }
        if (!record.lapsed(now)) {
            return new Step(record, StoreAnswer.busy(Duration.between(now, record.leaseUntil())));
        }
        return claimed(takenOver(record, command, now), tokens, ACQUIRED);
    }

    private ClaimRecord takenOver(ClaimRecord record, StoreCommand command, Instant now) {
        ClaimRecord taken = record.heldBy(command.owner(), now.plus(lease))
                .suspect(record.suspect() || !record.released())
                .generation(Math.max(record.generation(), command.generation()));
        return switch (record.phase()) {
            case STARTED, IN_DOUBT ->
                taken.suspect(true).phase(crashPolicy == CrashPolicy.QUARANTINE ? Phase.IN_DOUBT : Phase.RESERVED);
            default -> taken;
        };
    }

    /** A new token each time: an owner that comes to its turn after a younger claim of its key asks again for a higher one. */
    private static Step claimed(ClaimRecord record, LongSupplier tokens, StoreAnswer.Kind kind) {
        ClaimRecord next = record.token(tokens.getAsLong());
        return new Step(
                next,
                switch (next.phase()) {
                    case IN_DOUBT -> StoreAnswer.claimed(StoreAnswer.Kind.IN_DOUBT, 0, next.attempt(), false);
                    case DEAD_LETTERING -> StoreAnswer.deadLettering(next.token(), next.attempt(), next.cause());
                    default -> StoreAnswer.claimed(kind, next.token(), next.attempt(), next.suspect());
                });
    }

    private Step hold(@Nullable ClaimRecord record, StoreCommand command, Instant now, LongSupplier tokens) {
        if (record == null) {
            return lost(command, now, tokens);
        }
        if (!record.ownedBy(command.owner())) {
            return answer(record, STOLEN);
        }
        ClaimRecord held = record.heldBy(command.owner(), now.plus(lease));
        StoreAnswer.Kind kind = record.lapsed(now) ? LATE : OK;
        return switch (command.type()) {
            case RENEW -> answer(held, kind);
            case DEAD_LETTERING ->
                answer(
                        held.phase(Phase.DEAD_LETTERING)
                                .attempt(Math.max(record.attempt(), command.attempt()))
                                .cause(command.cause()),
                        kind);
            // A start that comes late must not lead a message back from its dead letter into the handler.
            default ->
                record.phase() == Phase.RESERVED || record.phase() == Phase.STARTED
                        ? answer(held.phase(Phase.STARTED).attempt(Math.max(record.attempt(), command.attempt())), kind)
                        : answer(record, STOLEN);
        };
    }

    /**
     * A record that the store has lost is the sender's again if its handler runs or its dead letter is under way. Who has not
     * begun claims again: he may have lost the claim before the store lost the record, and not have heard of it.
     */
    private Step lost(StoreCommand command, Instant now, LongSupplier tokens) {
        boolean begun = command.type() == StoreCommand.Type.DEAD_LETTERING
                || command.type() == StoreCommand.Type.RENEW && command.attempt() > 0;
        if (!begun) {
            return new Step(null, StoreAnswer.of(STOLEN));
        }
        Phase phase = command.type() == StoreCommand.Type.DEAD_LETTERING ? Phase.DEAD_LETTERING : Phase.STARTED;
        ClaimRecord again =
                fresh(command, now).phase(phase).attempt(command.attempt()).cause(command.cause());
        return answer(again.suspect(true).token(tokens.getAsLong()), LATE);
    }

    private static Step settle(@Nullable ClaimRecord record, StoreCommand command, Instant now, Phase target) {
        ClaimRecord settled = ClaimRecord.settled(target, command.generation(), command.fingerprint());
        if (record == null) {
            return answer(settled, LATE);
        }
        if (record.phase().settled()) {
            boolean met = command.repeated()
                    && record.phase() == target
                    && (target == Phase.DONE || command.generation() <= record.generation());
            return answer(record, met ? OK : STOLEN);
        }
        if (!record.ownedBy(command.owner()) && !record.released()) {
            return answer(record, STOLEN);
        }
        return answer(
                settled.generation(Math.max(record.generation(), command.generation())),
                record.lapsed(now) ? LATE : OK);
    }

    private static Step release(@Nullable ClaimRecord record, StoreCommand command) {
        if (record == null) {
            return new Step(null, StoreAnswer.of(OK));
        }
        if (record.phase().settled()) {
            return answer(record, STOLEN);
        }
        if (!record.ownedBy(command.owner())) {
            return answer(record, record.released() ? OK : STOLEN);
        }
        if (record.phase() == Phase.RESERVED
                && record.attempt() == 0
                && !record.suspect()
                && record.generation() == 0) {
            return new Step(null, StoreAnswer.of(OK));
        }
        ClaimRecord free = record.heldBy(NOBODY, Instant.EPOCH);
        return answer(
                record.phase() == Phase.STARTED
                        ? free.phase(Phase.RESERVED).suspect(true)
                        : free.suspect(record.suspect() || record.attempt() > 0),
                OK);
    }

    private ClaimRecord fresh(StoreCommand command, Instant now) {
        return new ClaimRecord(
                Phase.RESERVED, command.owner(), now.plus(lease), 0, 0, false, command.generation(), 0, "");
    }

    private static Step answer(ClaimRecord record, StoreAnswer.Kind kind) {
        return new Step(record, StoreAnswer.of(kind));
    }

    private static boolean differ(int remembered, int given) {
        return remembered != 0 && given != 0 && remembered != given;
    }
}
