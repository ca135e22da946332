package io.oncemq.torture.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Test;

/** What a run says of itself is what its checks really do not look at. */
class ExcusesTest {
    private static final long TENTH = Story.RECOVERY;

    private final Story story = new Story().published("a1", "a2").in("c1").assigned("s");

    @Test
    void aRunWithoutFaultsExcusesNothing() {
        story.later(10 * TENTH).settles("a1", "a2");
        assertThat(story.ends().excusedShare().values()).allMatch(share -> share == 0);
    }

    @Test
    void refusalsAreExcusedForSomeTimeAfterAFault() {
        story.later(TENTH).run(Kind.NEMESIS_BEGUN, "partition-broker broker").later(TENTH);
        story.run(Kind.NEMESIS_ENDED, "partition-broker broker").later(8 * TENTH);
        assertShare(Rule.REFUSED, 0.15);
    }

    @Test
    void acknowledgementsMayBeLostBeforeAStandstill() {
        story.later(TENTH).run(Kind.STOPPED, "c1").later(TENTH).run(Kind.CONTINUED, "c1");
        story.later(8 * TENTH);
        assertShare(Rule.REDELIVERED, 0.15);
    }

    @Test
    void aDeletionExcusesTwoHoldersUntilTheyMustKnow() {
        story.later(TENTH).run(Kind.DESTINATION_RECREATED, "").later(9 * TENTH);
        assertShare(Rule.DUAL_OWNER, 0.1);
        assertThat(story.judge().excusedShare().get(Rule.LOST)).isCloseTo(0.1, within(0.01));
    }

    private void assertShare(Rule rule, double share) {
        assertThat(story.settles("a1", "a2").ends().excusedShare().get(rule)).isCloseTo(share, within(0.01));
    }
}
