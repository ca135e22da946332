package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;

import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which claims have to be renewed, and what delays it. */
class RenewalCheckTest {
    private final Story story = new Story().published("a1").in("c1").assigned("s");

    @Test
    void aClaimThatWaitsForItsTurnIsRenewedToo() {
        story.published("a2").received("a1").claim("a1", "ACQUIRED").received("a2");
        story.claim("a2", "ACQUIRED")
                .started("a1")
                .keepsRenewing("a1", Story.LEASE)
                .effect("a1")
                .handlerEnded("a1")
                .done("a1")
                .acked("a1");
        story.started("a2").effect("a2").handlerEnded("a2").done("a2").acked("a2");
        assertOnly(Rule.RENEWAL, 1, story.ends());
    }

    @Test
    void isAskedForWhateverTheAnswersAre() {
        holds().asked("RENEW", "a1").later(Story.LEASE / 3).answered("RENEW", "OK", "a1", 0);
        assertClean(ends());
    }

    @Test
    void isNotAskedForAgainAfterStolen() {
        holds().asked("RENEW", "a1").answered("RENEW", "STOLEN", "a1", 0).later(Story.LEASE);
        assertClean(ends());
    }

    @Nested
    class Delayed {
        @Test
        void byAStoreThatDoesNotAnswerAnother() {
            holds().published("b1")
                    .received("b1")
                    .claim("b1", "BUSY")
                    .asked("CLAIM", "b1")
                    .later(Story.LEASE);
            story.answered("CLAIM", "ACQUIRED", "b1", 9).withToken("b1", 9).renewed("a1");
            story.started("b1").effect("b1").handlerEnded("b1").done("b1").acked("b1");
            assertClean(ends());
        }

        @Test
        void onlyForAsLongAsTheStoreDoesNotAnswer() {
            holds().asked("RENEW", "a1")
                    .later(Story.LEASE)
                    .answered("RENEW", "OK", "a1", 0)
                    .later(Story.LEASE);
            assertOnly(Rule.RENEWAL, 1, ends());
        }

        @Test
        void byAStandstill() {
            holds().run(Kind.STOPPED, "c1").later(Story.LEASE / 3).run(Kind.CONTINUED, "c1");
            assertClean(later(Story.LEASE / 3));
        }

        @Test
        void onlyForAsLongAsItLasts() {
            holds().run(Kind.STOPPED, "c1").later(Story.LEASE / 3).run(Kind.CONTINUED, "c1");
            assertOnly(Rule.RENEWAL, 1, later(Story.LEASE));
        }

        private Judgement later(long ms) {
            story.later(ms);
            return ends();
        }
    }

    @Nested
    class NotWanted {
        @Test
        void whereItsShardWasLost() {
            assertClean(story.received("a1")
                    .claim("a1", "ACQUIRED")
                    .started("a1")
                    .lost("s")
                    .later(Story.LEASE)
                    .handlerFailed("a1")
                    .in("c2")
                    .settles("a1")
                    .ends());
        }

        @Test
        void thoughNotBecauseAnotherShardWas() {
            holds().lost("t").later(Story.LEASE);
            assertOnly(Rule.RENEWAL, 1, ends());
        }

        @Test
        void behindAMessageThatAnotherHolds() {
            behindAnother(Story.LEASE);
            assertClean(story.claim("a2", "ACQUIRED")
                    .started("a2")
                    .effect("a2")
                    .handlerEnded("a2")
                    .done("a2")
                    .acked("a2")
                    .ends());
        }

        @Test
        void behindAMessageThatAnotherHoldsUntilItsOwnHandlerBegins() {
            behindAnother(Story.LEASE / 2 + 100);
            story.started("a2")
                    .later(Story.LEASE)
                    .effect("a2")
                    .handlerEnded("a2")
                    .done("a2")
                    .acked("a2");
            assertOnly(Rule.RENEWAL, 1, story.ends());
        }

        private void behindAnother(long ms) {
            story.published("a1", "a2")
                    .in("c2")
                    .assigned("t")
                    .of("t")
                    .handles("a1")
                    .in("c1")
                    .of("s");
            story.received("a1").claim("a1", "BUSY").received("a2").claim("a2", "ACQUIRED");
            story.in("c2")
                    .done("a1")
                    .acked("a1")
                    .in("c1")
                    .later(ms)
                    .claim("a1", "DONE")
                    .acked("a1");
        }

        @Test
        void whereItsHandlerHasOverrunItsTime() {
            story.setting("handlerTimeout", 20_000 * 1_000_000L);
            holds().keepsRenewing("a1", 21_000).later(3 * Story.LEASE);
            assertClean(ends());
        }
    }

    /** A handler runs. */
    private Story holds() {
        return story.received("a1").claim("a1", "ACQUIRED").started("a1");
    }

    private Judgement ends() {
        story.effect("a1").handlerEnded("a1").done("a1").acked("a1");
        return story.ends();
    }
}
