package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;

import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** For how long the first message of a key may wait. */
class WaitCheckTest {
    private static final long LONG = 3 * Story.LEASE;

    private final Story story = new Story().published("a1").in("c1").assigned("s");

    @Test
    void notForLongWithoutAReason() {
        story.received("a1").claim("a1", "ACQUIRED").keepsRenewing("a1", LONG);
        assertOnly(Rule.WAITING, 1, ends());
    }

    @Test
    void notForLongAfterAnAttempt() {
        story.received("a1")
                .claim("a1", "ACQUIRED")
                .started("a1")
                .handlerFailed("a1")
                .keepsRenewing("a1", LONG);
        assertOnly(Rule.WAITING, 1, ends());
    }

    @Test
    void notForLongOnceItsTurnHasCome() {
        story.published("a2")
                .received("a1")
                .received("a2")
                .claim("a1", "ACQUIRED")
                .claim("a2", "ACQUIRED")
                .started("a1");
        story.effect("a1").handlerEnded("a1").done("a1").acked("a1").keepsRenewing("a2", LONG);
        story.started("a2").effect("a2").handlerEnded("a2").done("a2").acked("a2");
        assertOnly(Rule.WAITING, 1, story.ends());
    }

    @Nested
    class AsLongAs {
        @Test
        void anotherMessageOfItsKeyIsAtWork() {
            story.published("a2")
                    .received("a1")
                    .received("a2")
                    .claim("a1", "ACQUIRED")
                    .claim("a2", "ACQUIRED")
                    .started("a1");
            for (int i = 0; i < 12; i++) {
                story.later(Story.LEASE / 3).renewed("a1").renewed("a2");
            }
            story.effect("a1")
                    .handlerEnded("a1")
                    .done("a1")
                    .acked("a1")
                    .started("a2")
                    .effect("a2");
            assertClean(story.handlerEnded("a2").done("a2").acked("a2").ends());
        }

        @Test
        void anotherOwnerHasIt() {
            story.received("a1");
            for (int i = 0; i < 10; i++) {
                story.claim("a1", "BUSY").later(Story.LEASE / 2);
            }
            story.claim("a1", "ACQUIRED");
            assertClean(ends());
        }

        @Test
        void allHandlersAreAtWork() {
            story.setting("concurrency", 1)
                    .published("b1")
                    .received("b1")
                    .claim("b1", "ACQUIRED")
                    .started("b1");
            story.received("a1").claim("a1", "ACQUIRED");
            for (int i = 0; i < 12; i++) {
                story.later(Story.LEASE / 3).renewed("a1").renewed("b1");
            }
            story.effect("b1")
                    .handlerEnded("b1")
                    .done("b1")
                    .acked("b1")
                    .started("a1")
                    .effect("a1");
            assertClean(story.handlerEnded("a1").done("a1").acked("a1").ends());
        }

        @Test
        void theStoreDoesNotAnswer() {
            story.received("a1").claim("a1", "BUSY").asked("CLAIM", "a1").later(LONG);
            story.answered("CLAIM", "ACQUIRED", "a1", 5).withToken("a1", 5);
            assertClean(ends());
        }

        @Test
        void itsProcessStandsStill() {
            story.received("a1").claim("a1", "ACQUIRED").run(Kind.STOPPED, "c1").later(LONG);
            story.run(Kind.CONTINUED, "c1");
            assertClean(ends());
        }

        @Test
        void itsDeadLetterIsUnderWay() {
            story.received("a1").claim("a1", "ACQUIRED").started("a1").handlerFailed("a1");
            story.asked("DEAD_LETTERING", "a1")
                    .answered("DEAD_LETTERING", "OK", "a1", 0)
                    .keepsRenewing("a1", LONG);
            assertClean(story.deadLetters("a1").acked("a1").ends());
        }
    }

    private Judgement ends() {
        story.started("a1").effect("a1").handlerEnded("a1").done("a1").acked("a1");
        return story.ends();
    }
}
