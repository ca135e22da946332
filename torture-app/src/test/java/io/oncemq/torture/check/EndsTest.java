package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;

import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Test;

/** How processes and their histories end. */
class EndsTest {
    private final Story story = new Story().in("c1").assigned("s");

    @Test
    void aProcessDoesNotEndByItself() {
        assertOnly(Rule.ENDED, 1, story.run(Kind.DEAD, "c1", 1).ends());
    }

    @Test
    void itMayBeToldTo() {
        story.run(Kind.ASKED_TO_CLOSE, "c1").run(Kind.DEAD, "c1", 143);
        story.in("c2").assigned("s").run(Kind.ASKED_TO_CLOSE, "c2").run(Kind.DEAD, "c2", 0);
        assertClean(story.ends());
    }

    @Test
    void itMayBeKilled() {
        assertClean(story.run(Kind.KILLING, "c1").run(Kind.DEAD, "c1", 137).ends());
    }

    @Test
    void whoKilledItSaysSo() {
        assertOnly(Rule.ENDED, 1, story.run(Kind.DEAD, "c1", 137).ends());
    }

    @Test
    void itEndsAsItWasTold() {
        story.run(Kind.ASKED_TO_CLOSE, "c1").run(Kind.DEAD, "c1", 1);
        assertOnly(Rule.ENDED, 1, story.ends());
    }

    @Test
    void itMayEndBeforeItHasWorked() {
        story.run(Kind.STARTED, "c2").run(Kind.DEAD, "c2", 1);
        assertClean(story.ends());
    }

    @Test
    void itMayEndWithItsDestination() {
        story.run(Kind.DESTINATION_RECREATED, "").run(Kind.DEAD, "c1", 1);
        assertClean(story.ends());
    }

    @Test
    void theHistoryOfAProcessThatClosedIsWhole() {
        assertOnly(
                Rule.INCOMPLETE,
                1,
                story.run(Kind.ASKED_TO_CLOSE, "c1")
                        .run(Kind.DEAD, "c1", 143)
                        .torn("c1")
                        .ends());
    }

    @Test
    void thatOfOneThatWasKilledMayBeTorn() {
        story.run(Kind.KILLING, "c1").run(Kind.DEAD, "c1", 137);
        assertClean(story.torn("c1").ends());
    }
}
