package io.oncemq.core.claim;

import static io.oncemq.core.claim.ClaimTableMatrix.AHEAD;
import static io.oncemq.core.claim.ClaimTableMatrix.ID;
import static io.oncemq.core.claim.ClaimTableMatrix.LEASE;
import static io.oncemq.core.claim.ClaimTableMatrix.ME;
import static io.oncemq.core.claim.ClaimTableMatrix.NOW;
import static io.oncemq.core.claim.ClaimTableMatrix.OTHER;
import static io.oncemq.core.claim.ClaimTableMatrix.PAST;
import static io.oncemq.core.claim.ClaimTableMatrix.held;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.CrashPolicy;
import io.oncemq.core.claim.ClaimRecord.Phase;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClaimTableTest {
    private final ClaimTable table = new ClaimTable(CrashPolicy.REPROCESS, LEASE);
    private long lastToken;

    @Test
    void doesWhatThePageSays() throws IOException {
        assertThat(Files.readAllLines(Path.of("../docs/claim-states.md")))
                .as("the whole table is%n%s", String.join("\n", ClaimTableMatrix.lines()))
                .containsSubsequence(ClaimTableMatrix.lines());
    }

    @Test
    void handsOutAHigherTokenWithEachClaim() {
        ClaimTable.Step first = apply(null, claim(0));
        ClaimTable.Step again = apply(first.record(), claim(0));
        assertThat(again.answer().kind()).isEqualTo(StoreAnswer.Kind.MINE);
        assertThat(again.answer().token()).isGreaterThan(first.answer().token());
    }

    @Test
    void tellsHowLongTheOtherLeaseLasts() {
        StoreAnswer busy = apply(held(Phase.STARTED, OTHER, AHEAD), claim(0)).answer();
        assertThat(busy).isEqualTo(StoreAnswer.busy(Duration.between(NOW, AHEAD)));
    }

    @Test
    void remembersASuspectThroughRenewalsAndTheNextLapse() {
        ClaimTable.Step taken = apply(held(Phase.RESERVED, OTHER, PAST), claim(0));
        ClaimTable.Step renewed = apply(taken.record(), command(Type.RENEW, 0, false));
        assertThat(apply(renewed.record(), claim(0)).answer().suspect()).isTrue();
    }

    @Test
    void doesNotSuspectWhatAnOwnerGaveBackUntouched() {
        ClaimRecord redriven = held(Phase.RESERVED, ME, AHEAD).generation(2);
        ClaimTable.Step released = apply(redriven, command(Type.RELEASE, 2, false));
        assertThat(apply(released.record(), claim(2)).answer())
                .isEqualTo(StoreAnswer.claimed(StoreAnswer.Kind.ACQUIRED, lastToken, 0, false));
    }

    @Test
    void neverCountsAttemptsDown() {
        ClaimRecord third = held(Phase.STARTED, ME, AHEAD).attempt(3);
        ClaimTable.Step late = apply(third, new StoreCommand(Type.START, ID, ME, 0, 2, 0, true, ""));
        assertThat(apply(late.record(), claim(0)).answer().attempt()).isEqualTo(3);
    }

    @Test
    void reopensADeadLetterOnlyForAHigherGeneration() {
        ClaimRecord buried = ClaimRecord.settled(Phase.DEAD_LETTERED, 3, 0);
        assertThat(apply(buried, claim(3)).answer().kind()).isEqualTo(StoreAnswer.Kind.DEAD_LETTERED);
        ClaimTable.Step redriven = apply(buried, claim(4));
        assertThat(redriven.answer()).isEqualTo(StoreAnswer.claimed(StoreAnswer.Kind.ACQUIRED, lastToken, 0, false));
        assertThat(apply(redriven.record(), claim(3)).answer().kind()).isEqualTo(StoreAnswer.Kind.DEAD_LETTERED);
    }

    @ParameterizedTest
    @EnumSource
    void keepsWhatIsDoneWhateverComesLate(Type type) {
        ClaimRecord done = ClaimRecord.settled(Phase.DONE, 0, 0);
        assertThat(apply(done, command(type, 9, true)).record()).isEqualTo(done);
    }

    @Test
    void tellsARepeatedCompletionFromASecondOne() {
        ClaimRecord done = ClaimRecord.settled(Phase.DONE, 0, 0);
        assertThat(apply(done, command(Type.COMPLETE, 0, true)).answer().kind()).isEqualTo(StoreAnswer.Kind.OK);
        assertThat(apply(done, command(Type.COMPLETE, 0, false)).answer().kind())
                .isEqualTo(StoreAnswer.Kind.STOLEN);
    }

    @Test
    void aRepeatedCompletionOfAHigherGenerationMeetsWhatIsDone() {
        ClaimRecord done = ClaimRecord.settled(Phase.DONE, 1, 0);
        assertThat(apply(done, command(Type.COMPLETE, 2, true)).answer().kind()).isEqualTo(StoreAnswer.Kind.OK);
    }

    @Test
    void aRepeatedDeadLetterMeetsItsOwnGenerationOrAHigherOneOnly() {
        ClaimRecord second = ClaimRecord.settled(Phase.DEAD_LETTERED, 2, 0);
        assertThat(repeatedDeadLetter(second, 1)).isEqualTo(StoreAnswer.Kind.OK);
        assertThat(repeatedDeadLetter(second, 2)).isEqualTo(StoreAnswer.Kind.OK);
        assertThat(repeatedDeadLetter(second, 3)).isEqualTo(StoreAnswer.Kind.STOLEN);
    }

    @Test
    void aRepeatedSettlementDoesNotMeetTheOtherKind() {
        ClaimRecord done = ClaimRecord.settled(Phase.DONE, 0, 0);
        ClaimRecord dead = ClaimRecord.settled(Phase.DEAD_LETTERED, 0, 0);
        assertThat(repeatedDeadLetter(done, 0)).isEqualTo(StoreAnswer.Kind.STOLEN);
        assertThat(apply(dead, command(Type.COMPLETE, 0, true)).answer().kind()).isEqualTo(StoreAnswer.Kind.STOLEN);
    }

    @Test
    void afterALossTheOwnerOfARecordThatWasWrittenAgainGetsItsClaim() {
        ClaimRecord mine = held(Phase.DEAD_LETTERING, ME, AHEAD);
        assertThat(claimAfterLoss(mine).answer().kind()).isEqualTo(StoreAnswer.Kind.DEAD_LETTERING);
    }

    @Test
    void afterALossALapsedRecordOfAnotherOwnerIsNotTakenOver() {
        ClaimRecord others = held(Phase.RESERVED, OTHER, PAST);
        ClaimTable.Step step = claimAfterLoss(others);
        assertThat(step.answer()).isEqualTo(StoreAnswer.busy(Duration.between(NOW, AHEAD)));
        assertThat(step.record()).isEqualTo(others);
    }

    private ClaimTable.Step claimAfterLoss(ClaimRecord record) {
        StoreCommand claim = claim(0);
        return ClaimTable.afterLoss(apply(record, claim), record, claim, NOW, AHEAD);
    }

    private StoreAnswer.Kind repeatedDeadLetter(ClaimRecord record, int generation) {
        return apply(record, command(Type.DEAD_LETTERED, generation, true))
                .answer()
                .kind();
    }

    @Test
    void noticesAnotherPayloadUnderADoneId() {
        ClaimRecord done = ClaimRecord.settled(Phase.DONE, 0, 77);
        assertThat(apply(done, fingerprint(78)).answer().otherPayload()).isTrue();
        assertThat(apply(done, fingerprint(77)).answer().otherPayload()).isFalse();
        assertThat(apply(done, fingerprint(0)).answer().otherPayload()).isFalse();
    }

    private ClaimTable.Step apply(@Nullable ClaimRecord record, StoreCommand command) {
        return table.apply(record, command, NOW, () -> ++lastToken);
    }

    private static StoreCommand claim(int generation) {
        return command(Type.CLAIM, generation, false);
    }

    private static StoreCommand fingerprint(int fingerprint) {
        return new StoreCommand(Type.CLAIM, ID, ME, 0, 0, fingerprint, false, "");
    }

    private static StoreCommand command(Type type, int generation, boolean repeated) {
        return new StoreCommand(type, ID, ME, generation, 0, 0, repeated, "");
    }
}
