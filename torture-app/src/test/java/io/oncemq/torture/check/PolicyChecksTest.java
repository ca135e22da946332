package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;

import io.oncemq.torture.history.Expected;
import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Attempts and dead letters that a retry policy wants. */
class PolicyChecksTest {
    private static final int MOST = 12;

    private final Story story = new Story().in("c1").assigned("s");

    @Nested
    class Attempts {
        @Test
        void mayBeAsManyAsThePolicySays() {
            claimed(Expected.EXHAUSTED);
            fails(MOST);
            assertClean(story.deadLetters("a1").acked("a1").ends());
        }

        @Test
        void areNoMore() {
            claimed(Expected.EXHAUSTED);
            fails(MOST + 1);
            assertOnly(Rule.ATTEMPTS, 1, story.deadLetters("a1").acked("a1").ends());
        }

        @Test
        void areOneMoreForEachOwnerThatDiedInItsFirst() {
            claimed(Expected.EXHAUSTED);
            story.started("a1")
                    .run(Kind.KILLING, "c1")
                    .later(Story.LEASE)
                    .in("c2")
                    .received("a1");
            story.claim("a1", "ACQUIRED");
            fails(MOST);
            assertClean(story.deadLetters("a1").acked("a1").ends());
        }

        @Test
        void areCountedAnewWhereTheStoreLostThem() {
            claimed(Expected.EXHAUSTED);
            fails(MOST - 1);
            story.run(Kind.STORE_DATA_LOST, "");
            fails(MOST);
            assertClean(story.deadLetters("a1").acked("a1").ends());
        }
    }

    @Nested
    class ADeadLetter {
        @Test
        void ofAnUnreadableMessageNeedsNoAttempt() {
            claimed(Expected.UNREADABLE);
            assertClean(story.deadLetters("a1").acked("a1").ends());
        }

        @Test
        void ofWhatFailsForGoodNeedsOne() {
            claimed(Expected.POISON);
            fails(1);
            assertClean(story.deadLetters("a1").acked("a1").ends());
        }

        @Test
        void isSentAgainByWhoFinishesIt() {
            claimed(Expected.POISON);
            fails(1);
            story.deadLetterSent("a1")
                    .run(Kind.KILLING, "c1")
                    .later(Story.LEASE)
                    .in("c2");
            story.received("a1").claim("a1", "DEAD_LETTERING");
            assertClean(story.deadLetters("a1").acked("a1").ends());
        }

        @Test
        void isSentAgainWhenASessionGivesItBack() {
            claimed(Expected.POISON);
            fails(1);
            story.deadLetterSent("a1").deadLetterReturned("a1");
            assertClean(story.deadLetters("a1").acked("a1").ends());
        }

        @Test
        void isNotSentByWhoHasNoClaim() {
            claimed(Expected.POISON);
            fails(1);
            story.in("c2").deadLetterSent("a1").in("c1");
            assertOnly(Rule.DEAD_LETTER, 1, story.deadLetters("a1").acked("a1").ends());
        }

        @Test
        void isSentAgainThroughAFaultOfTheBroker() {
            claimed(Expected.POISON);
            fails(1);
            story.deadLetterSent("a1").run(Kind.NEMESIS_BEGUN, "kill-broker broker");
            story.run(Kind.NEMESIS_ENDED, "kill-broker broker");
            assertClean(story.deadLetters("a1").acked("a1").ends());
        }
    }

    private void claimed(Expected expected) {
        story.published("a1", expected).received("a1").claim("a1", "ACQUIRED");
    }

    private void fails(int times) {
        for (int i = 0; i < times; i++) {
            story.asked("START", "a1")
                    .answered("START", "OK", "a1", 0)
                    .started("a1")
                    .handlerFailed("a1");
        }
    }
}
