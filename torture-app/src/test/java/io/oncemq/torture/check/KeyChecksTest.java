package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.history.Kind;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is promised per key: order, one owner, tokens that grow. */
class KeyChecksTest {
    private final Story story = new Story().published("a1", "a2", "b1").in("c1");

    @Nested
    class Order {
        @Test
        void isKeptWithinAKeyOnly() {
            assertClean(story.settles("b1", "a1", "a2").ends());
        }

        @Test
        void isBrokenByALaterMessageThatGoesFirst() {
            assertOnly(Rule.ORDER, 1, story.settles("a2", "a1", "b1").ends());
        }

        @Test
        void isBrokenOverTwoProcesses() {
            assertOnly(
                    Rule.ORDER,
                    1,
                    story.settles("a2", "b1").in("c2").settles("a1").ends());
        }

        @Test
        void isNotBrokenByARepetition() {
            story.settles("b1").handles("a1").run(Kind.KILLING, "c1").later(Story.LEASE);
            story.in("c2").settles("a1", "a2").later(Story.LEASE).in("c3");
            assertThat(story.settles("a1").ends().breaches()).doesNotContainKey(Rule.ORDER);
        }

        @Test
        void isNotBrokenByAStaleOwnerThatAFenceRefuses() {
            story.settles("b1")
                    .received("a1")
                    .claim("a1", "ACQUIRED")
                    .started("a1")
                    .run(Kind.STOPPED, "c1");
            story.later(Story.LEASE)
                    .in("c2")
                    .received("a1")
                    .claim("a1", "ACQUIRED")
                    .deadLetters("a1")
                    .acked("a1");
            story.settles("a2").run(Kind.CONTINUED, "c1").in("c1").effect("a1").handlerEnded("a1");
            assertClean(story.asked("COMPLETE", "a1")
                    .answered("COMPLETE", "STOLEN", "a1", 0)
                    .acked("a1")
                    .ends());
        }
    }

    @Nested
    class Fence {
        @Test
        void refusesARightfulEffectIfTokensGoBackwards() {
            story.received("a1")
                    .claim("a1", "ACQUIRED", 50)
                    .started("a1")
                    .effect("a1")
                    .handlerEnded("a1");
            story.done("a1").acked("a1").settles("b1");
            story.received("a2")
                    .claim("a2", "ACQUIRED", 40)
                    .started("a2")
                    .effect("a2")
                    .handlerEnded("a2");
            assertOnly(Rule.FENCE, 1, story.done("a2").acked("a2").ends());
        }

        @Test
        void passesAStaleOwnerIfALaterGrantHasNoHigherToken() {
            story.settles("b1").received("a1").claim("a1", "ACQUIRED", 50).run(Kind.KILLING, "c1");
            story.later(Story.LEASE).in("c2").received("a1").claim("a1", "ACQUIRED", 50);
            story.started("a1").effect("a1").handlerEnded("a1").done("a1").acked("a1");
            assertOnly(Rule.FENCE, 1, story.settles("a2").ends());
        }

        @Test
        void mayRefuseAnOwnerThatWasOvertaken() {
            story.settles("b1")
                    .received("a1")
                    .claim("a1", "ACQUIRED")
                    .started("a1")
                    .run(Kind.STOPPED, "c1");
            story.later(Story.LEASE)
                    .in("c2")
                    .settles("a1", "a2")
                    .run(Kind.CONTINUED, "c1")
                    .in("c1");
            story.effect("a1").handlerEnded("a1").asked("COMPLETE", "a1");
            assertClean(
                    story.answered("COMPLETE", "STOLEN", "a1", 0).acked("a1").ends());
        }

        @Test
        void takesASecondTryUnderTheSameToken() {
            story.settles("b1")
                    .received("a1")
                    .claim("a1", "ACQUIRED")
                    .started("a1")
                    .effect("a1")
                    .handlerFailed("a1");
            story.started("a1").effect("a1").handlerEnded("a1").done("a1").acked("a1");
            assertClean(story.settles("a2").ends());
        }
    }

    @Nested
    class OneHandler {
        @Test
        void aKeyIsHandledByTwoProcessesAtOnce() {
            story.settles("b1").received("a1").claim("a1", "ACQUIRED").started("a1");
            story.in("c2").received("a2").claim("a2", "ACQUIRED").started("a2");
            story.in("c1").effect("a1").handlerEnded("a1").done("a1").acked("a1");
            assertOnly(
                    Rule.DUAL_OWNER,
                    1,
                    story.in("c2")
                            .effect("a2")
                            .handlerEnded("a2")
                            .done("a2")
                            .acked("a2")
                            .ends());
        }

        @Test
        void aKeyIsHandledTwiceAtOnceInOneProcess() {
            story.settles("b1")
                    .received("a1")
                    .claim("a1", "ACQUIRED")
                    .received("a2")
                    .claim("a2", "ACQUIRED");
            story.started("a1")
                    .started("a2")
                    .effect("a1")
                    .handlerEnded("a1")
                    .effect("a2")
                    .handlerEnded("a2");
            Judgement judgement =
                    story.done("a1").acked("a1").done("a2").acked("a2").ends();
            assertThat(judgement.breaches()).as("%s", judgement).isEqualTo(Map.of(Rule.DUAL_OWNER, 1L, Rule.ORDER, 1L));
        }

        @Test
        void otherKeysMayBeHandledBeside() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1").settles("b1");
            assertClean(story.effect("a1")
                    .handlerEnded("a1")
                    .done("a1")
                    .acked("a1")
                    .settles("a2")
                    .ends());
        }

        @Test
        void aDeadProcessHandlesNothing() {
            story.settles("b1")
                    .received("a1")
                    .claim("a1", "ACQUIRED")
                    .started("a1")
                    .run(Kind.KILLING, "c1");
            assertClean(story.later(Story.LEASE).in("c2").settles("a1", "a2").ends());
        }

        @Test
        void whoStoodStillBeyondItsLeaseIsNoOwner() {
            story.settles("b1")
                    .received("a1")
                    .claim("a1", "ACQUIRED")
                    .started("a1")
                    .run(Kind.STOPPED, "c1");
            story.later(Story.LEASE)
                    .in("c2")
                    .settles("a1", "a2")
                    .run(Kind.CONTINUED, "c1")
                    .in("c1");
            story.effect("a1").handlerEnded("a1").asked("COMPLETE", "a1");
            assertClean(
                    story.answered("COMPLETE", "STOLEN", "a1", 0).acked("a1").ends());
        }
    }
}
