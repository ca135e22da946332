package io.oncemq.core.consume;

import static io.oncemq.spi.StoreCommand.Type.CLAIM;
import static io.oncemq.spi.StoreCommand.Type.COMPLETE;
import static io.oncemq.spi.StoreCommand.Type.DEAD_LETTERED;
import static io.oncemq.spi.StoreCommand.Type.DEAD_LETTERING;
import static io.oncemq.spi.StoreCommand.Type.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingEvent.CompletionAlert;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which step of a message waits for which answer of the store; the store, the workers and the time move by hand. */
class StepsOfAMessageTest {
    private static final IllegalStateException FAILURE = new IllegalStateException("always");

    private final HandTurnedEngine engine = new HandTurnedEngine();

    @Test
    void theNextOfAKeyBeginsAfterDoneOfItsPredecessorIsAnswered() {
        deliverClaimed("a", "b");
        engine.handle(null);
        assertThat(engine.asked("a")).containsExactly(COMPLETE);
        assertThat(engine.queued).as("handlers that may begin").isEmpty();
        assertThat(engine.through).as("acknowledged").isEqualTo(-1);

        engine.answer("a", COMPLETE, Kind.OK);
        assertThat(engine.through).as("acknowledged").isZero();
        assertThat(engine.queued).hasSize(1);
    }

    /** A crash repeats what has begun and is not done. */
    @Test
    void noMoreMessagesBeginThanTheConcurrencyBeforeDoneIsStored() {
        int messages = engine.spec.concurrency() + 2;
        for (int i = 0; i < messages; i++) {
            engine.deliver("m" + i, "key-" + i, 0);
            engine.grant("m" + i);
        }
        assertThat(engine.queued).hasSize(engine.spec.concurrency());
        while (!engine.queued.isEmpty()) {
            engine.handle(null);
        }
        engine.answer("m0", COMPLETE, Kind.OK);
        assertThat(engine.queued).hasSize(1);
    }

    @Test
    void anUnknownDoneAcknowledgesNothingAndStartsNothing() {
        deliverClaimed("a", "b");
        engine.handle(null);
        engine.answer("a", COMPLETE, Kind.UNKNOWN);
        assertThat(engine.through).isEqualTo(-1);
        assertThat(engine.queued).isEmpty();
        assertThat(engine.events(CompletionAlert.class)).isEmpty();

        engine.answer("a", COMPLETE, Kind.OK);
        assertThat(engine.through).isZero();
    }

    @Test
    void anUnknownClaimNeitherSettlesNorStarts() {
        engine.deliver("a");
        engine.answer("a", CLAIM, Kind.UNKNOWN);
        assertThat(engine.through).isEqualTo(-1);
        assertThat(engine.queued).isEmpty();
        assertThat(engine.events(DuplicateSuppressed.class)).isEmpty();

        engine.grant("a");
        assertThat(engine.queued).hasSize(1);
    }

    @Test
    void aSuspectIsStartedOnlyOnceItsAttemptIsStored() {
        deliverSuspect("a");
        assertThat(engine.asked("a")).containsExactly(START);
        assertThat(engine.queued).isEmpty();
        engine.answer("a", START, Kind.UNKNOWN);
        assertThat(engine.queued).isEmpty();

        engine.answer("a", START, Kind.OK);
        assertThat(engine.queued).hasSize(1);
    }

    @Test
    void theFirstAttemptOfANewMessageNeedsNoStart() {
        deliverClaimed("a");
        assertThat(engine.asked("a")).isEmpty();
        assertThat(engine.queued).hasSize(1);
    }

    @Test
    void aStolenStartAsksForTheClaimAgainAndRunsNoHandler() {
        deliverSuspect("a");
        engine.answer("a", START, Kind.STOLEN);
        assertThat(engine.queued).isEmpty();
        assertThat(engine.asked("a")).containsExactly(CLAIM);

        engine.answer("a", CLAIM, Kind.DONE);
        assertThat(engine.through).isZero();
        assertThat(engine.events(DuplicateSuppressed.class)).hasSize(1);
    }

    @Test
    void attemptsThatWereSpentElsewhereEndInTheDeadLetterWithoutAnother() {
        engine.deliver("a");
        engine.answer("a", CLAIM, StoreAnswer.claimed(Kind.ACQUIRED, 1, HandTurnedEngine.MAX_ATTEMPTS, true));
        assertThat(engine.queued).isEmpty();
        engine.answer("a", DEAD_LETTERING, Kind.OK);
        assertThat(engine.letters).singleElement().satisfies(letter -> {
            assertThat(letter.headers().text("oncemq-dead-letter-reason")).isEqualTo(DeadLetterStep.EXHAUSTED);
            assertThat(letter.headers().text("oncemq-dead-letter-attempts"))
                    .isEqualTo(Integer.toString(HandTurnedEngine.MAX_ATTEMPTS));
        });
    }

    @Test
    void aDeadLetterIsMarkedThenPublishedThenMarkedAsPublishedThenAcknowledged() {
        deliverExhausted("a", 0);
        assertThat(engine.asked("a")).containsExactly(DEAD_LETTERING);
        assertThat(engine.letters).as("before the mark is stored").isEmpty();
        engine.answer("a", DEAD_LETTERING, Kind.UNKNOWN);
        assertThat(engine.letters)
                .as("while it is unknown whether the mark is stored")
                .isEmpty();

        engine.answer("a", DEAD_LETTERING, Kind.OK);
        assertThat(engine.letters).hasSize(1);
        assertThat(engine.asked("a")).as("before the letter is confirmed").isEmpty();

        engine.confirmLetter();
        assertThat(engine.asked("a")).containsExactly(DEAD_LETTERED);
        engine.answer("a", DEAD_LETTERED, Kind.UNKNOWN);
        assertThat(engine.through).isEqualTo(-1);

        engine.answer("a", DEAD_LETTERED, Kind.OK);
        assertThat(engine.through).isZero();
        assertThat(engine.letters).hasSize(1);
    }

    @Test
    void aStolenMarkPublishesNoLetter() {
        deliverExhausted("a", 0);
        engine.answer("a", DEAD_LETTERING, Kind.STOLEN);
        assertThat(engine.letters).isEmpty();
        assertThat(engine.asked("a")).containsExactly(CLAIM);

        engine.answer("a", CLAIM, Kind.DONE);
        assertThat(engine.through).isZero();
        assertThat(engine.letters).isEmpty();
    }

    /** Else the destination would take the letter of a redriven message that fails again for the first one, and drop it. */
    @Test
    void aRedrivenMessageThatFailsAgainHasAnotherLetterAndARepetitionTheSame() {
        deliverExhausted("a", 0);
        finishLetter("a");
        deliverExhausted("a", 1);
        finishLetter("a");
        deliverExhausted("a", 1);
        finishLetter("a");
        List<String> ids = engine.letters.stream().map(OutboundFrame::id).toList();
        assertThat(ids.get(1)).isNotEqualTo(ids.get(0));
        assertThat(ids.get(2)).isEqualTo(ids.get(1));
    }

    @Test
    void aShardWithTooManySettledBehindOneThatIsNotIsPausedUntilItIsSettled() {
        engine.deliverWithoutId("slow");
        Work slow = engine.begin();
        int most = engine.spec.maxUncommitted();
        for (int i = 1; i < most; i++) {
            engine.deliverWithoutId("quick");
            engine.handle(null);
        }
        assertThat(engine.paused).as("%d settled behind it", most - 1).isFalse();
        engine.deliverWithoutId("quick");
        engine.handle(null);
        assertThat(engine.paused).as("%d settled behind it", most).isTrue();

        engine.end(slow, null);
        assertThat(engine.through).isEqualTo(most);
        assertThat(engine.paused).isFalse();
    }

    private void deliverClaimed(String... ids) {
        for (String id : ids) {
            engine.deliver(id);
            engine.grant(id);
        }
    }

    /** An earlier owner's claim lapsed, and it is unknown whether its handler ran. */
    private void deliverSuspect(String id) {
        engine.deliver(id);
        engine.answer(id, CLAIM, StoreAnswer.claimed(Kind.ACQUIRED, 1, 0, true));
    }

    /** Its last attempt fails here. */
    private void deliverExhausted(String id, int generation) {
        engine.deliver(id, "k", generation);
        engine.answer(id, CLAIM, StoreAnswer.claimed(Kind.ACQUIRED, 1, HandTurnedEngine.MAX_ATTEMPTS - 1, true));
        engine.answer(id, START, Kind.OK);
        engine.handle(FAILURE);
    }

    private void finishLetter(String id) {
        engine.answer(id, DEAD_LETTERING, Kind.OK);
        engine.confirmLetter();
        engine.answer(id, DEAD_LETTERED, Kind.OK);
    }
}
