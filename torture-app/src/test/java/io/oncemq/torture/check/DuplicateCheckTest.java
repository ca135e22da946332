package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.history.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DuplicateCheckTest {
    /** Published more than once, so that a copy may come after another was acknowledged. */
    private final Story story = new Story().published("a1", "a1", "a1").in("c1");

    @Test
    void twoEffectsUnderOneClaimAreUnexplained() {
        assertOnly(
                Rule.DUPLICATE,
                1,
                story.handles("a1").effect("a1").done("a1").acked("a1").ends());
    }

    @Test
    void withoutAnyFaultNothingIsExplained() {
        story.handles("a1").done("a1").acked("a1").later(2 * Story.LEASE);
        assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
    }

    @Nested
    class CrashWindow {
        @Test
        void explainsWhatWasNotDoneWhenItsProcessDied() {
            story.handles("a1").asked("COMPLETE", "a1");
            killed("c1");
            story.later(Story.LEASE);
            assertExplained(
                    Explanation.CRASH_WINDOW, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void explainsNothingOnceDoneWasAnswered() {
            story.handles("a1").done("a1");
            killed("c1");
            story.later(Story.LEASE);
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void explainsNothingBeforeTheLeaseLapsed() {
            story.handles("a1");
            killed("c1");
            story.later(Story.LEASE / 2);
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void explainsNothingIfAnotherProcessDied() {
            killed("c3");
            handlesAndStaysBusy();
            assertFound(story.in("c2").settles("a1").ends());
        }

        @Test
        void explainsNothingIfTheProcessDiedAfterwards() {
            handlesAndStaysBusy();
            story.in("c2").settles("a1");
            killed("c1");
            assertFound(story.ends());
        }

        @Test
        void explainsNothingIfTheProcessClosedInOrder() {
            handlesAndStaysBusy();
            story.run(Kind.ASKED_TO_CLOSE, "c1").run(Kind.DEAD, "c1", 143);
            assertFound(story.in("c2").settles("a1").ends());
        }

        @Test
        void explainsAsManyAsAProcessMayHandleAtOnce() {
            assertThat(diedWith("a1", "b1", "d1").explained()).isEqualTo(Map.of(Explanation.CRASH_WINDOW, 3L));
        }

        @Test
        void isBoundedByThat() {
            assertOnly(Rule.BOUND, 1, diedWith("a1", "b1", "d1", "e1"));
        }

        /** That DONE was not asked for and the claim not renewed is found beside it. */
        private static void assertFound(Judgement judgement) {
            assertThat(judgement.breaches())
                    .as("%s", judgement)
                    .isEqualTo(Map.of(Rule.DUPLICATE, 1L, Rule.RENEWAL, 1L, Rule.COMPLETION, 1L));
        }

        /** For a lease; it cannot be said that it had asked the store for nothing. */
        private void handlesAndStaysBusy() {
            story.published("b1").received("b1").claim("b1", "ACQUIRED").handles("a1");
            story.keepsRenewing("b1", Story.LEASE).started("b1").effect("b1").handlerEnded("b1");
            story.done("b1").acked("b1");
        }

        private Judgement diedWith(String... ids) {
            story.setting("concurrency", 3).published("b1", "d1", "e1");
            for (String id : ids) {
                story.handles(id);
            }
            killed("c1");
            story.later(Story.LEASE).in("c2").settles(ids);
            for (String id : List.of("b1", "d1", "e1")) {
                if (!List.of(ids).contains(id)) {
                    story.settles(id);
                }
            }
            return story.ends();
        }

        @Test
        void isKnownFromTheProcessItselfAndFromItsLastWord() {
            story.handles("a1").later(Story.LEASE).in("c2").settles("a1").run(Kind.DEAD, "c1", 137);
            assertExplained(Explanation.CRASH_WINDOW, 1, story.ends());
        }
    }

    @Nested
    class Forgotten {
        @Test
        void afterTheTimeToRemember() {
            story.handles("a1").done("a1").acked("a1").later(Story.REMEMBER);
            assertExplained(Explanation.TTL, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void notBefore() {
            story.handles("a1").done("a1").acked("a1").later(Story.REMEMBER / 2);
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void notThoughOnlyAnotherWasToldThatItIsDone() {
            story.handles("a1").asked("COMPLETE", "a1");
            killed("c1");
            story.later(Story.LEASE).in("c2").received("a1").claim("a1", "DONE").acked("a1");
            assertOnly(Rule.DUPLICATE, 1, story.in("c3").settles("a1").ends());
        }

        @Test
        void whatAnotherWasToldToBeDone() {
            story.handles("a1").asked("COMPLETE", "a1");
            killed("c1");
            story.later(Story.LEASE).in("c2").received("a1").claim("a1", "DONE").acked("a1");
            story.run(Kind.STORE_DATA_LOST, "");
            assertExplained(
                    Explanation.STORE_LOSS, 1, story.in("c3").settles("a1").ends());
        }

        @Test
        void notByALossBeforeTheQuestionThatWasAnswered() {
            story.handles("a1").asked("COMPLETE", "a1").run(Kind.STORE_DATA_LOST, "");
            story.done("a1").acked("a1").later(Story.LEASE);
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void withTheStoresData() {
            story.handles("a1").done("a1").acked("a1").run(Kind.STORE_DATA_LOST, "");
            assertExplained(
                    Explanation.STORE_LOSS, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void notByALossBeforeItWasDone() {
            story.run(Kind.STORE_DATA_LOST, "").handles("a1").done("a1").acked("a1");
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void notByALossBehindTheSecondClaim() {
            story.handles("a1").done("a1").acked("a1").in("c2").settles("a1");
            assertOnly(Rule.DUPLICATE, 1, story.run(Kind.STORE_DATA_LOST, "").ends());
        }
    }

    @Nested
    class Failover {
        @Test
        void mayForgetWhatWasDone() {
            story.handles("a1").done("a1").acked("a1");
            failedOver();
            assertExplained(
                    Explanation.STORE_LOSS, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void mayForgetWhatIsDoneMeanwhile() {
            story.run(Kind.STORE_FAILS_OVER, "").handles("a1").done("a1").acked("a1");
            story.run(Kind.STORE_FAILED_OVER, "");
            assertExplained(
                    Explanation.STORE_LOSS, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void mayForgetAClaim() {
            story.handles("a1");
            failedOver();
            assertExplained(
                    Explanation.STORE_LOSS, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void forgetsNothingOfWhatWasDoneLongBefore() {
            story.handles("a1").done("a1").acked("a1").later(Story.RECOVERY);
            failedOver();
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void forgetsNothingOfWhatIsDoneAfterwards() {
            failedOver();
            story.handles("a1").done("a1").acked("a1");
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void forgetsNoClaimThatIsTakenAfterwards() {
            failedOver();
            story.handles("a1");
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void isNotALossThatTheLibraryCanSee() {
            story.handles("a1").run(Kind.STORE_DATA_LOST, "");
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
        }

        private void failedOver() {
            story.run(Kind.STORE_FAILS_OVER, "").run(Kind.STORE_FAILED_OVER, "");
        }
    }

    @Nested
    class FailedHandler {
        @Test
        void isRunAgain() {
            story.received("a1")
                    .claim("a1", "ACQUIRED")
                    .started("a1")
                    .effect("a1")
                    .handlerFailed("a1");
            assertExplained(
                    Explanation.HANDLER_FAILED,
                    1,
                    story.started("a1")
                            .effect("a1")
                            .handlerEnded("a1")
                            .done("a1")
                            .acked("a1")
                            .ends());
        }

        @Test
        void explainsNothingIfItWasAnotherRunThatFailed() {
            story.handles("a1").started("a1").handlerFailed("a1").later(Story.LEASE / 3);
            story.done("a1").acked("a1");
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1").ends());
        }

        @Test
        void explainsNothingIfItFailedBeforeTheFirstEffect() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1").handlerFailed("a1");
            story.started("a1")
                    .effect("a1")
                    .effect("a1")
                    .handlerEnded("a1")
                    .done("a1")
                    .acked("a1");
            assertOnly(Rule.DUPLICATE, 1, story.ends());
        }
    }

    @Test
    void aMessageWithThreeEffectsIsJudgedTwice() {
        story.handles("a1");
        killed("c1");
        story.later(Story.LEASE).in("c2").settles("a1").later(Story.LEASE);
        Judgement judgement = story.in("c3").settles("a1").ends();
        assertThat(judgement.explained()).isEqualTo(Map.of(Explanation.CRASH_WINDOW, 1L));
        assertOnly(Rule.DUPLICATE, 1, judgement);
    }

    private void killed(String process) {
        story.run(Kind.KILLING, process).run(Kind.DEAD, process, 137);
    }

    static void assertExplained(Explanation explanation, long times, Judgement judgement) {
        assertClean(judgement);
        assertThat(judgement.explained()).isEqualTo(Map.of(explanation, times));
        assertThat(judgement.explainedDuplicates()).isEqualTo(times);
    }
}
