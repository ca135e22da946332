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
        story.handles("a1");
        assertUnexplained();
    }

    @Test
    void neitherByItselfNorByWhatWasOverBefore() {
        during("restart-store store");
        story.handles("a1");
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
            story.alive().handles("a1").keepsRenewing("b1", Story.LEASE).alive();
            assertZombie();
        }

        @Test
        void isASilenceTowardsTheStore() {
            story.handles("a1").later(Story.LEASE);
            assertZombie();
        }
    }

    @Nested
    class AStore {
        @Test
        void thatIsDown() {
            story.handles("a1").run(Kind.STORE_DOWN, "").keepsRenewing("b1", Story.LEASE);
            story.run(Kind.STORE_UP, "");
            assertZombie();
        }

        @Test
        void thatIsOutOfReachForEverybody() {
            story.handles("a1");
            during("delay-store store for everybody by PT0.1S");
            assertZombie();
        }

        @Test
        void thatIsOutOfReachForTheMember() {
            story.handles("a1");
            during("partition-store c1");
            assertZombie();
        }

        @Test
        void thatAnswersLate() {
            story.handles("a1").asked("RENEW", "a1").keepsRenewing("b1", Story.LEASE);
            assertZombie();
        }

        @Test
        void thatAnswersNobodyWhoClosed() {
            story.handles("a1").keepsRenewing("b1", Story.LEASE / 2).asked("COMPLETE", "a1");
            story.run(Kind.DEAD, "c1.1", 143).later(Story.LEASE);
            assertExplained(
                    Explanation.ZOMBIE, 1, story.in("c2").settles("a1", "b1").ends());
        }

        @Test
        void thatIsOutOfReachForAnother() {
            story.run(Kind.STARTED, "c3.1").handles("a1");
            during("partition-store c3");
            assertUnexplained();
        }
    }

    @Nested
    class SomethingElse {
        @Test
        void likeABrokerThatIsAway() {
            story.handles("a1").run(Kind.BROKER_DOWN, "").keepsRenewing("b1", Story.LEASE);
            story.run(Kind.BROKER_UP, "");
            assertUnexplained();
        }

        @Test
        void likeARebalanceThatTookNothing() {
            story.handles("a1");
            during("rebalance-storm broker: a guest and c1.1");
            assertUnexplained();
        }

        @Test
        void likeABrokerOutOfItsReach() {
            story.handles("a1");
            during("partition-broker c1");
            assertUnexplained();
        }

        @Test
        void likeAFaultOfNobody() {
            story.handles("a1");
            during("slow-handlers handlers for PT7S");
            assertUnexplained();
        }

        @Test
        void unlikeAFaultOfItsOwn() {
            story.handles("a1");
            during("clock-shift c1 by PT1H");
            assertZombie();
        }
    }

    @Nested
    class AShard {
        @Test
        void thatIsLost() {
            story.handles("a1").lost("s").keepsRenewing("b1", Story.LEASE);
            assertZombie();
        }

        @Test
        void thatIsLostAlthoughTheEngineHeardOfItLater() {
            story.handles("a1").lost("s").renewed("a1").keepsRenewing("b1", Story.LEASE);
            assertZombie();
        }

        @Test
        void thatIsAnother() {
            story.handles("a1").lost("u").keepsRenewing("b1", Story.LEASE);
            assertUnexplained();
        }

        @Test
        void thatIsGivenBackWhileTheHandlerRuns() {
            story.handles("a1").revoking("s").keepsRenewing("b1", Story.LEASE);
            assertZombie();
        }

        @Test
        void thatIsGivenBackWithoutWaitingForTheHandler() {
            story.handles("a1").revoked("s").keepsRenewing("b1", Story.LEASE);
            assertUnexplained();
        }

        @Test
        void thatIsGivenBackBehindTheQuestionForDone() {
            story.handles("a1").asked("COMPLETE", "a1").answered("COMPLETE", "STOLEN", "a1", 0);
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
        assertOnly(Rule.DUPLICATE, 1, repeated());
    }

    private Judgement repeated() {
        story.in("c2").settles("a1").in("c1.1");
        story.asked("COMPLETE", "a1").answered("COMPLETE", "STOLEN", "a1", 0).acked("a1");
        return story.effect("b1")
                .handlerEnded("b1")
                .done("b1")
                .of("t")
                .acked("b1")
                .ends();
    }
}
