package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** From the claim to the handler, to DONE, to the next. */
class StepCheckTest {
    private final Story story = new Story().published("a1", "a2").in("c1");

    @Test
    void nothingIsHandledWithoutAClaim() {
        story.received("a1")
                .claim("a1", "ACQUIRED", 50)
                .withToken("a1", 51)
                .started("a1")
                .effect("a1");
        assertOnly(
                Rule.UNCLAIMED,
                1,
                story.handlerFailed("a1").in("c2").settles("a2").ends());
    }

    @Test
    void whereNothingIsClaimedThereIsNoToken() {
        story.withToken("a1", 0).started("a1").effect("a1").handlerEnded("a1");
        assertClean(story.settles("a2").ends());
    }

    @Test
    void nothingIsDoneWithoutAnEffect() {
        story.received("a1")
                .claim("a1", "ACQUIRED")
                .started("a1")
                .handlerEnded("a1")
                .done("a1");
        story.later(Story.LEASE).in("c2").settles("a1", "a2").in("c1").acked("a1");
        assertOnly(Rule.FALSE_SUPPRESSION, 1, story.ends());
    }

    @Nested
    class TheNextOfAKey {
        @Test
        void waitsUntilDoneIsStored() {
            story.handles("a1").asked("COMPLETE", "a1").handles("a2");
            story.answered("COMPLETE", "OK", "a1", 0).acked("a1").done("a2").acked("a2");
            assertOnly(Rule.ORDER, 1, story.ends());
        }

        @Test
        void doesNotWaitForOneThatFailed() {
            story.received("a1")
                    .claim("a1", "ACQUIRED")
                    .started("a1")
                    .handlerFailed("a1")
                    .deadLetters("a1");
            assertClean(story.acked("a1").settles("a2").ends());
        }

        @Test
        void waitsForOneThatWasStolen() {
            story.handles("a1")
                    .answered("RENEW", "STOLEN", "a1", 0)
                    .received("a2")
                    .claim("a2", "ACQUIRED");
            story.started("a2").effect("a2").handlerEnded("a2").done("a1").acked("a1");
            assertOnly(Rule.ORDER, 1, story.done("a2").acked("a2").ends());
        }

        @Test
        void waitsWhereAnotherShardWasTaken() {
            story.handles("a1").lost("t").handles("a2").done("a1").acked("a1").done("a2");
            assertOnly(Rule.ORDER, 1, story.acked("a2").ends());
        }

        @Test
        void doesNotWaitWhereItsShardWasTaken() {
            story.handles("a1").lost("s").handles("a2").done("a1").done("a2").acked("a2");
            assertClean(story.ends());
        }

        @Test
        void doesNotWaitForAnotherProcess() {
            story.handles("a1").in("c2").handles("a2").done("a2").acked("a2").in("c1");
            assertClean(story.done("a1").acked("a1").ends());
        }
    }
}
