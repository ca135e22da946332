package io.oncemq.torture.check;

import static io.oncemq.torture.check.DuplicateCheckTest.assertExplained;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Why a lease may have lapsed whose owner lives. The process c1.1 is busy with b1 all the while unless it says otherwise. */
class LapseTest {
    private final Story story =
            new Story().published("a1", "b1").run(Kind.STARTED, "c1.1").in("c1.1");

    LapseTest() {
        story.of("t").received("b1").claim("b1", "ACQUIRED").started("b1").of("s");
    }

    @Test
    void doesNotWithoutAReason() {
        begins();
        assertUnexplained();
    }

    @Test
    void neitherByItselfNorByWhatWasOverBefore() {
        during("restart-store store");
        begins();
        assertUnexplained();
    }

    @Nested
    class AStandstill {
        @Test
        void isAProcessThatWasStoppedBeyondItsLease() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1").run(Kind.STOPPED, "c1.1");
            story.later(Story.LEASE).in("c2").settles("a1", "b1").run(Kind.CONTINUED, "c1.1");
            story.in("c1.1").effect("a1").handlerEnded("a1").asked("COMPLETE", "a1");
            assertExplained(
                    Explanation.ZOMBIE,
                    1,
                    story.answered("COMPLETE", "STOLEN", "a1", 0).acked("a1").ends());
        }

        @Test
        void isNotOneThatWasStoppedForLess() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1").run(Kind.STOPPED, "c1.1");
            story.later(Story.LEASE / 2).in("c2").settles("a1").run(Kind.CONTINUED, "c1.1");
            story.in("c1.1").effect("a1").handlerEnded("a1").done("a1").acked("a1");
            assertThat(story.ends().breaches()).containsEntry(Rule.DUPLICATE, 1L);
        }

        @Test
        void isNotOneThatRenewedInTime() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1").run(Kind.STOPPED, "c1.1");
            story.later(Story.LEASE)
                    .run(Kind.CONTINUED, "c1.1")
                    .renewed("a1")
                    .effect("a1")
                    .handlerEnded("a1");
            assertOnly(Rule.DUPLICATE, 1, story.in("c2").settles("a1", "b1").ends());
        }

        @Test
        void isASilenceOfTheWholeProcess() {
            story.alive();
            begins().keepsRenewing("b1", Story.LEASE).alive();
            assertZombie();
        }

        @Test
        void isNotASilenceTowardsTheStore() {
            begins().later(Story.LEASE);
            assertUnexplained();
        }
    }

    @Nested
    class AStore {
        @Test
        void thatDoesNotAnswer() {
            begins().asked("RENEW", "a1").later(Story.LEASE);
            assertZombie();
        }

        @Test
        void thatIsSaidToBeOutOfReachAndAnswers() {
            begins();
            during("partition-store c1");
            assertUnexplained();
        }

        @Test
        void thatAnswersLate() {
            begins().asked("RENEW", "a1").keepsRenewing("b1", Story.LEASE);
            assertZombie();
        }

        @Test
        void thatAnswersNoProcessThatIsClosing() {
            begins().handlerEnded("a1").asked("COMPLETE", "a1").run(Kind.ASKED_TO_CLOSE, "c1.1");
            story.run(Kind.DEAD, "c1.1", 143).later(Story.LEASE);
            assertExplained(
                    Explanation.ZOMBIE, 1, story.in("c2").settles("a1", "b1").ends());
        }
    }

    @Nested
    class SomethingElse {
        @Test
        void likeABrokerThatIsAway() {
            begins().run(Kind.BROKER_DOWN, "").keepsRenewing("b1", Story.LEASE);
            story.run(Kind.BROKER_UP, "");
            assertUnexplained();
        }

        @Test
        void likeARebalanceThatTookNothing() {
            begins();
            during("rebalance-storm members: a guest and c1.1");
            assertUnexplained();
        }

        @Test
        void likeABrokerOutOfItsReach() {
            begins();
            during("partition-broker c1");
            assertUnexplained();
        }

        @Test
        void likeAFaultOfNobody() {
            begins();
            during("slow-handlers handlers for PT7S");
            assertUnexplained();
        }

        @Test
        void likeAWallClockThatIsWrong() {
            begins();
            during("clock-shift c1 by PT1H");
            assertUnexplained();
        }
    }

    @Nested
    class AShard {
        @Test
        void thatIsLost() {
            begins().lost("s").keepsRenewing("b1", Story.LEASE);
            assertZombie();
        }

        @Test
        void thatIsLostAlthoughTheEngineHeardOfItLater() {
            begins().lost("s").renewed("a1").keepsRenewing("b1", Story.LEASE);
            assertZombie();
        }

        @Test
        void thatIsAnother() {
            begins().lost("u").keepsRenewing("b1", Story.LEASE);
            assertUnexplained();
        }

        @Test
        void thatIsGivenBackWhileTheHandlerRuns() {
            begins().revoking("s").keepsRenewing("b1", Story.LEASE / 3).renewed("a1");
            story.keepsRenewing("b1", Story.LEASE / 3).givenBack("s").keepsRenewing("b1", Story.LEASE);
            assertZombie();
        }

        @Test
        void thatIsGivenBackWithoutWaitingForTheHandler() {
            begins().revoked("s").keepsRenewing("b1", Story.LEASE);
            assertUnexplained();
        }

        @Test
        void thatIsGivenBackBehindTheQuestionForDone() {
            begins().handlerEnded("a1").asked("COMPLETE", "a1").answered("COMPLETE", "STOLEN", "a1", 0);
            story.revoking("s").keepsRenewing("b1", Story.LEASE);
            assertUnexplained();
        }
    }

    private void during(String nemesis) {
        story.run(Kind.NEMESIS_BEGUN, nemesis).keepsRenewing("b1", Story.LEASE);
        story.run(Kind.NEMESIS_ENDED, nemesis).keepsRenewing("b1", 100);
    }

    private void assertZombie() {
        assertExplained(Explanation.ZOMBIE, 1, repeated());
    }

    private void assertUnexplained() {
        story.keepsRenewing("b1", Story.LEASE);
        Judgement judgement = repeated();
        assertThat(judgement.breaches()).as("%s", judgement).containsEntry(Rule.DUPLICATE, 1L);
    }

    /** Its handler has had its effect and runs on. */
    private Story begins() {
        return story.received("a1").claim("a1", "ACQUIRED").started("a1").effect("a1");
    }

    private Judgement repeated() {
        story.in("c2").settles("a1").in("c1.1").handlerEnded("a1");
        story.asked("COMPLETE", "a1").answered("COMPLETE", "STOLEN", "a1", 0).acked("a1");
        return story.effect("b1")
                .handlerEnded("b1")
                .done("b1")
                .of("t")
                .acked("b1")
                .ends();
    }
}
