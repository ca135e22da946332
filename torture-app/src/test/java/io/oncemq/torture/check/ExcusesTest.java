package io.oncemq.torture.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Test;

/** What a run says of itself is what its checks really do not look at. */
class ExcusesTest {
    private static final long TENTH = Story.RECOVERY;

    private final Story story = new Story().published("a1", "a2").in("c1").assigned("s");

    /** Until the shard has a holder nothing can be received. */
    @Test
    void aRunWithoutFaultsExcusesNothing() {
        story.later(10 * TENTH).settles("a1", "a2");
        assertThat(story.ends().excusedShare().values()).allMatch(share -> share < 0.001);
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
        story.lost("s").assigned("s").later(8 * TENTH);
        assertShare(Rule.REDELIVERED, 0.125);
    }

    @Test
    void aStandstillThatCostsNoShardLosesNoAcknowledgement() {
        story.later(TENTH).run(Kind.STOPPED, "c1").later(TENTH).run(Kind.CONTINUED, "c1");
        story.later(8 * TENTH);
        assertShare(Rule.REDELIVERED, 0);
    }

    @Test
    void whatIsDoneToTheHolderOfAShardExcusesWhatComesFromThatShardOnly() {
        story.in("c2").assigned("t").later(TENTH).run(Kind.NEMESIS_BEGUN, "partition-broker c2");
        story.later(2 * TENTH).run(Kind.NEMESIS_ENDED, "partition-broker c2").later(7 * TENTH);
        story.in("c1");
        assertShare(Rule.DELIVERY, 0.1);
    }

    @Test
    void aCrowdedMachineIsSaid() {
        story.in("driver").load(100).later(5 * TENTH).load(500).later(5 * TENTH).in("c1");
        Judgement judgement = story.settles("a1", "a2").ends();
        assertThat(judgement.crowdedShare()).isCloseTo(0.5, within(0.01));
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
