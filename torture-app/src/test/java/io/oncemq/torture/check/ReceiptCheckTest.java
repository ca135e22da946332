package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReceiptCheckTest {
    /** Published more than once, so that a copy may come after another was acknowledged. */
    private final Story story = new Story().published("a1", "b1", "a1", "b1").in("c1");

    @Nested
    class Acknowledged {
        @Test
        void onReceipt() {
            story.received("a1")
                    .acked("a1")
                    .claim("a1", "ACQUIRED")
                    .started("a1")
                    .effect("a1")
                    .handlerEnded("a1");
            assertOnly(Rule.PREMATURE_ACK, 1, story.done("a1").settles("b1").ends());
        }

        @Test
        void whileDoneIsAskedFor() {
            story.handles("a1").asked("COMPLETE", "a1").acked("a1").answered("COMPLETE", "OK", "a1", 0);
            assertOnly(Rule.PREMATURE_ACK, 1, story.settles("b1").ends());
        }

        @Test
        void withALaterOne() {
            story.received("a1").handles("b1").done("b1").ackedThrough("b1").claim("a1", "ACQUIRED");
            story.started("a1").effect("a1").handlerEnded("a1").done("a1");
            Judgement judgement = story.ends();
            assertThat(judgement.breaches(Rule.PREMATURE_ACK)).isEqualTo(1);
        }

        @Test
        void bothWithTheLast() {
            assertClean(story.handles("a1")
                    .done("a1")
                    .handles("b1")
                    .done("b1")
                    .ackedThrough("b1")
                    .ends());
        }

        @Test
        void asADuplicateThatIsDone() {
            story.settles("a1", "b1").in("c2").received("a1").claim("a1", "DONE");
            assertClean(story.acked("a1").ends());
        }

        @Test
        void asADuplicateThatAnotherHolds() {
            story.settles("b1").in("c2").received("a1").claim("a1", "BUSY").acked("a1");
            story.in("c1").handles("a1").done("a1").acked("a1");
            assertThat(story.ends().breaches(Rule.PREMATURE_ACK)).isEqualTo(1);
        }

        @Test
        void becauseAnotherProcessIsDone() {
            story.settles("b1").in("c2").received("a1").in("c1").settles("a1");
            assertOnly(Rule.PREMATURE_ACK, 1, story.in("c2").acked("a1").ends());
        }

        @Test
        void asADeadLetterThatIsConfirmed() {
            story.settles("b1").received("a1").claim("a1", "ACQUIRED");
            assertClean(story.deadLetters("a1").acked("a1").ends());
        }

        @Test
        void asADeadLetterThatIsUnderWay() {
            story.settles("b1").received("a1").claim("a1", "ACQUIRED");
            assertOnly(
                    Rule.PREMATURE_ACK,
                    1,
                    story.deadLetterSent("a1").acked("a1").ends());
        }
    }

    @Nested
    class Lying {
        @Test
        void isWhatNobodyTouchesAnyMore() {
            story.settles("b1").received("a1").later(2 * Story.LEASE);
            assertOnly(Rule.STUCK_LANE, 1, story.run(Kind.GAVE_UP, "").judge());
        }

        @Test
        void isWhatIsHandledAndNotAcknowledged() {
            story.settles("b1").handles("a1").done("a1").later(2 * Story.LEASE);
            assertOnly(Rule.STUCK_LANE, 1, story.ends());
        }

        @Test
        void isNotWhatIsSettledBehindAnother() {
            story.received("a1").handles("b1").done("b1").later(2 * Story.LEASE);
            assertOnly(Rule.STUCK_LANE, 1, story.run(Kind.GAVE_UP, "").judge());
        }

        @Test
        void isNotWhatHasJustCome() {
            assertClean(story.settles("a1", "b1").in("c2").received("a1").ends());
        }

        @Test
        void isNotWhatWasTakenAwayOrDied() {
            story.settles("a1", "b1").in("c2").received("a1").lost("s").in("c3").received("b1");
            assertClean(story.run(Kind.DEAD, "c3", 137).later(2 * Story.LEASE).ends());
        }
    }

    @Nested
    class Bounds {
        @Test
        void tooManyAreInFlight() {
            story.setting("maxInFlight", 1).received("a1").received("b1");
            assertThat(story.ends().breaches(Rule.BOUND)).isEqualTo(1);
        }

        @Test
        void whatIsSettledAndWaitsToBeAcknowledgedIsNotInFlight() {
            story.setting("maxInFlight", 1)
                    .handles("a1")
                    .done("a1")
                    .handles("b1")
                    .done("b1");
            assertClean(story.ackedThrough("b1").ends());
        }

        @Test
        void asManyAsAllowed() {
            assertClean(story.setting("maxInFlight", 1).settles("a1", "b1").ends());
        }

        @Test
        void whatWasTakenAwayIsNotInFlight() {
            story.setting("maxInFlight", 2)
                    .settles("a1", "b1")
                    .lost("s")
                    .assigned("s")
                    .received("a1")
                    .received("b1")
                    .lost("s")
                    .assigned("s");
            assertClean(story.received("a1").claim("a1", "DONE").acked("a1").ends());
        }

        @Test
        void whatIsBeingGivenAwayIsNotInFlight() {
            story.setting("maxInFlight", 1)
                    .published("d1")
                    .settles("b1")
                    .received("a1")
                    .revoking("s");
            story.of("t").settles("d1").revoked("s");
            assertClean(story.in("c2").settles("a1").ends());
        }

        @Test
        void tooManyHandlersRun() {
            story.setting("concurrency", 1)
                    .published("d1")
                    .settles("b1")
                    .in("c1")
                    .received("a1")
                    .received("d1");
            story.claim("a1", "ACQUIRED").claim("d1", "ACQUIRED").started("a1").started("d1");
            story.effect("a1")
                    .handlerEnded("a1")
                    .effect("d1")
                    .handlerEnded("d1")
                    .done("a1")
                    .acked("a1")
                    .done("d1");
            assertThat(story.acked("d1").ends().breaches(Rule.BOUND)).isEqualTo(1);
        }

        @Test
        void aHandlerOfAShardThatWasTakenAwayDoesNotCount() {
            story.setting("concurrency", 1)
                    .published("d1")
                    .settles("a1", "b1")
                    .received("d1")
                    .claim("d1", "ACQUIRED");
            story.started("d1")
                    .lost("s")
                    .later(Story.LEASE)
                    .received("d1")
                    .claim("d1", "ACQUIRED")
                    .started("d1");
            story.effect("d1").handlerEnded("d1").done("d1").acked("d1");
            assertThat(story.ends().breaches(Rule.BOUND)).isZero();
        }
    }
}
