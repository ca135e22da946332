package io.oncemq.core.claim;

import static io.oncemq.core.claim.ClaimTableMatrix.LEASE;
import static io.oncemq.core.claim.ClaimTableMatrix.NOW;
import static io.oncemq.core.claim.ClaimTableMatrix.PAST;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.CrashPolicy;
import io.oncemq.core.claim.ClaimRecord.Phase;
import io.oncemq.core.claim.ClaimTable.Step;
import io.oncemq.core.claim.Invariants.Violation;
import io.oncemq.core.claim.Scenario.Budget;
import io.oncemq.core.claim.Scenario.Nature;
import io.oncemq.core.claim.Scenario.Transitions;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The search is worth its time only if it finds a table that lacks a protection. */
class ClaimSearchMutantTest {
    private static final ClaimTable REPROCESS = new ClaimTable(CrashPolicy.REPROCESS, LEASE);
    private static final ClaimTable QUARANTINE = new ClaimTable(CrashPolicy.QUARANTINE, LEASE);

    /** A table without one protection, a world that needs it, and what is seen there. */
    enum Mutant {
        TAKES_OVER_A_VALID_LEASE(
                Nature.HEALTHY,
                "rebalances 1",
                "two effects",
                (record, command, now, tokens) -> REPROCESS.apply(
                        record != null && command.type() == Type.CLAIM ? record.heldBy(record.owner(), PAST) : record,
                        command,
                        now,
                        tokens)),
        NEVER_LETS_A_LEASE_LAPSE(
                Nature.KILLER,
                "",
                "no end",
                (record, command, now, tokens) -> REPROCESS.apply(
                        record == null ? null : record.heldBy(record.owner(), NOW.plus(LEASE)), command, now, tokens)),
        FORGETS_WHAT_IS_DONE(Nature.HEALTHY, "", "before it was settled", (record, command, now, tokens) -> {
            Step step = REPROCESS.apply(record, command, now, tokens);
            return command.type() == Type.COMPLETE ? new Step(null, step.answer()) : step;
        }),
        RELEASES_FOR_ANYBODY(
                Nature.HEALTHY,
                "lapses 1 rebalances 2",
                "reached the handler",
                (record, command, now, tokens) -> command.type() == Type.RELEASE
                        ? new Step(null, StoreAnswer.of(Kind.OK))
                        : REPROCESS.apply(record, command, now, tokens)),
        RELEASE_FORGETS_SUSPECTS(Nature.KILLER, "rebalances 2", "too often", (record, command, now, tokens) -> {
            Step step = REPROCESS.apply(record, command, now, tokens);
            return command.type() == Type.RELEASE && step.answer().kind() == Kind.OK
                    ? new Step(null, step.answer())
                    : step;
        }),
        TAKES_OVER_WITHOUT_SUSPICION(Nature.KILLER, "", "too often", (record, command, now, tokens) -> {
            Step step = REPROCESS.apply(record, command, now, tokens);
            StoreAnswer answer = step.answer();
            return answer.kind() == Kind.ACQUIRED
                    ? new Step(step.record(), StoreAnswer.claimed(Kind.ACQUIRED, answer.token(), 0, false))
                    : step;
        }),
        DOES_NOT_COUNT_ATTEMPTS(
                Nature.KILLER,
                "",
                "too often",
                (record, command, now, tokens) -> REPROCESS.apply(
                        record,
                        command.type() == Type.START
                                ? StoreCommand.of(Type.START, command.id(), command.owner())
                                : command,
                        now,
                        tokens)),
        LATE_START_REOPENS(
                Nature.HEALTHY,
                "crashes 1 lateCommands 1",
                "DONE",
                (record, command, now, tokens) ->
                        REPROCESS.apply(command.type() == Type.START ? null : record, command, now, tokens)),
        LATE_START_LEAVES_THE_DEAD_LETTER(
                Nature.POISON,
                "crashes 2 lateCommands 1",
                "dead letter is out",
                (record, command, now, tokens) -> REPROCESS.apply(
                        record != null && command.type() == Type.START && record.phase() == Phase.DEAD_LETTERING
                                ? record.phase(Phase.STARTED).attempt(0)
                                : record,
                        command,
                        now,
                        tokens)),
        TAKES_A_DEAD_LETTER_FOR_A_CLAIM(
                Nature.POISON,
                "crashes 1",
                "dead letter is out",
                (record, command, now, t) -> REPROCESS.apply(
                        record != null && command.type() == Type.CLAIM && record.phase() == Phase.DEAD_LETTERING
                                ? record.phase(Phase.RESERVED).attempt(0)
                                : record,
                        command,
                        now,
                        t)),
        REPEATS_WHAT_STARTED(CrashPolicy.QUARANTINE, Nature.HEALTHY, "crashes 1", "in spite", REPROCESS::apply),
        FORGETS_THE_DOUBT(
                CrashPolicy.QUARANTINE, Nature.HEALTHY, "crashes 2", "in spite", (record, command, now, t) -> {
                    Step step = QUARANTINE.apply(record, command, now, t);
                    ClaimRecord after = step.record();
                    return after != null && after.phase() == Phase.IN_DOUBT
                            ? new Step(after.phase(Phase.RESERVED), step.answer())
                            : step;
                }),
        CALLS_THE_DOUBTFUL_MINE(
                CrashPolicy.QUARANTINE,
                Nature.HEALTHY,
                "crashes 1 lostReplies 1",
                "in spite",
                (record, command, now, t) -> QUARANTINE.apply(
                        record != null && record.ownedBy(command.owner()) && record.phase() == Phase.IN_DOUBT
                                ? record.phase(Phase.RESERVED)
                                : record,
                        command,
                        now,
                        t)),
        KEEPS_THE_TOKEN_OF_A_CLAIM_THAT_IS_MINE(
                Nature.HEALTHY,
                "lapses 1 rebalances 1",
                "no",
                (record, command, now, tokens) ->
                        record != null && command.type() == Type.CLAIM && record.ownedBy(command.owner())
                                ? REPROCESS.apply(record, command, now, record::token)
                                : REPROCESS.apply(record, command, now, tokens)),
        REOPENS_THE_SAME_GENERATION(
                Nature.POISON,
                "",
                "reached the handler",
                (record, command, now, tokens) -> REPROCESS.apply(
                        record != null && record.phase() == Phase.DEAD_LETTERED ? null : record, command, now, tokens)),
        TAKES_A_LOST_START_FOR_A_CLAIM(
                CrashPolicy.QUARANTINE,
                Nature.HEALTHY,
                "lapses 1 losses 1 rebalances 1",
                "two handlers",
                (record, command, now, tokens) -> {
                    Step step = QUARANTINE.apply(record, command, now, tokens);
                    return record == null && command.type() == Type.START
                            ? new Step(
                                    QUARANTINE
                                            .apply(
                                                    null,
                                                    StoreCommand.of(Type.CLAIM, command.id(), command.owner()),
                                                    now,
                                                    tokens)
                                            .record(),
                                    StoreAnswer.of(Kind.LATE))
                            : step;
                }),
        SUPPRESSES_A_REDRIVE(
                Nature.POISON,
                "redrives 1",
                "before it was settled",
                (record, command, now, tokens) -> REPROCESS.apply(
                        record, StoreCommand.of(command.type(), command.id(), command.owner()), now, tokens)),
        ADMITS_A_LOWER_GENERATION(
                Nature.POISON,
                "crashes 1 redrives 1",
                "reached the handler",
                (record, command, now, tokens) -> REPROCESS.apply(
                        record != null && !record.phase().settled() ? record.generation(0) : record,
                        command,
                        now,
                        tokens));

        private final Scenario scenario;
        private final String seen;

        Mutant(Nature first, String faults, String seen, Transitions broken) {
            this(CrashPolicy.REPROCESS, first, faults, seen, broken);
        }

        Mutant(CrashPolicy policy, Nature first, String faults, String seen, Transitions broken) {
            this.scenario = Scenario.of(policy, first, true, Budget.of(faults)).with(broken);
            this.seen = seen;
        }
    }

    @Test
    void findsThatTokensGoBackWithTheDataIfTheClockDoesNotCarryThem() {
        Scenario scenario = Scenario.of(CrashPolicy.REPROCESS, Nature.HEALTHY, false, Budget.of("crashes 1 losses 1"));
        assertThatThrownBy(() -> new ClaimSearch(scenario.withTokensFromCounterOnly()).run())
                .isInstanceOf(Violation.class)
                .hasMessageContaining("not the highest");
    }

    @Test
    void findsTheTwoHandlersOfAStoreThatDoesNotWaitAfterItLostItsData() {
        Scenario scenario =
                Scenario.of(CrashPolicy.REPROCESS, Nature.HEALTHY, false, Budget.of("losses 1 rebalances 1"));
        assertThatThrownBy(() -> new ClaimSearch(scenario.withoutWaitAfterLoss()).run())
                .isInstanceOf(Violation.class)
                .hasMessageContaining("two handlers");
    }

    @ParameterizedTest
    @EnumSource
    void findsTheMissingProtection(Mutant mutant) {
        assertThatThrownBy(() -> new ClaimSearch(mutant.scenario).run())
                .isInstanceOf(Violation.class)
                .hasMessageContaining(mutant.seen);
    }
}
