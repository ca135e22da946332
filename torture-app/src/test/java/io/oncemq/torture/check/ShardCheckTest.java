package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;

import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Test;

class ShardCheckTest {
    private final Story story = new Story().in("c1").assigned("s");

    @Test
    void aShardMayNotHaveTwoHoldersForLong() {
        story.in("c2").assigned("s").later(Story.RECOVERY);
        assertOnly(Rule.DUAL_OWNER, 1, story.ends());
    }

    @Test
    void aDeletionOfTheDestinationExplainsTwoHoldersForAWhileOnly() {
        story.in("c2").assigned("s").later(Story.RECOVERY).run(Kind.DESTINATION_RECREATED, "");
        assertOnly(Rule.DUAL_OWNER, 1, story.later(1).in("c1").lost("s").ends());
    }

    @Test
    void norMayItBeLostLongAfterwards() {
        story.in("c2").assigned("s").later(Story.RECOVERY).in("c1").lost("s");
        assertOnly(Rule.DUAL_OWNER, 1, story.ends());
    }

    @Test
    void itMayBeLostSoonAfterwards() {
        story.in("c2")
                .assigned("s")
                .later(Story.RECOVERY / 4)
                .in("c1")
                .lost("s")
                .later(Story.RECOVERY);
        assertClean(story.ends());
    }

    @Test
    void nobodyMayHaveItBeforeItIsGivenBack() {
        story.revoking("s").in("c2").assigned("s").in("c1").givenBack("s");
        assertOnly(Rule.DUAL_OWNER, 1, story.ends());
    }

    @Test
    void nobodyWaitsForEver() {
        story.revoking("s").later(Story.LEASE).in("c2").assigned("s").in("c1").givenBack("s");
        assertClean(story.ends());
    }

    @Test
    void aSourceThatWasSilentExplainsNothing() {
        story.later(Story.LEASE).revoking("s").in("c2").assigned("s").in("c1").givenBack("s");
        assertOnly(Rule.DUAL_OWNER, 1, story.ends());
    }

    @Test
    void whoStoodStillMayHaveBeenGivenUp() {
        story.run(Kind.STOPPED, "c1")
                .later(Story.LEASE)
                .run(Kind.CONTINUED, "c1")
                .revoking("s");
        assertClean(story.in("c2").assigned("s").in("c1").givenBack("s").ends());
    }

    @Test
    void aShardIsGivenAwayAfterItWasGivenBackOrLostOrItsHolderDied() {
        story.revoked("s").in("c2").assigned("s").lost("s");
        story.in("c3").assigned("s").run(Kind.KILLING, "c3").in("c4").assigned("s");
        assertClean(story.later(Story.RECOVERY).ends());
    }

    @Test
    void aBrokerThatWasDisturbedMayGiveItAway() {
        during("kill-broker broker");
        giveAway();
        assertClean(story.ends());
    }

    @Test
    void whatDealsAnewInOrderExplainsNothing() {
        during("rebalance-storm members: a guest and c1");
        giveAway();
        assertOnly(Rule.DUAL_OWNER, 1, story.ends());
    }

    @Test
    void aHolderOutOfReachLosesIt() {
        during("partition-broker c1");
        giveAway();
        assertClean(story.ends());
    }

    @Test
    void whereTheStoreIsOutOfReachNobodyDoes() {
        during("partition-store c1");
        giveAway();
        assertOnly(Rule.DUAL_OWNER, 1, story.ends());
    }

    @Test
    void whereHandlersAreSlowNobodyDoes() {
        during("slow-handlers handlers for PT7S");
        giveAway();
        assertOnly(Rule.DUAL_OWNER, 1, story.ends());
    }

    @Test
    void aFaultThatIsLongOverExplainsNothing() {
        during("kill-broker broker");
        story.later(Story.RECOVERY).assigned("t");
        giveAway();
        assertOnly(Rule.DUAL_OWNER, 1, story.ends());
    }

    @Test
    void norDoesOneForAHolderWhoStays() {
        during("kill-broker broker");
        story.in("c2").assigned("s").later(3 * Story.RECOVERY);
        assertOnly(Rule.DUAL_OWNER, 1, story.ends());
    }

    @Test
    void whereShardsAreSharedNobodyMinds() {
        story.setting("exclusiveShards", 0).in("c2").assigned("s").later(Story.RECOVERY);
        assertClean(story.ends());
    }

    private void during(String nemesis) {
        story.run(Kind.NEMESIS_BEGUN, nemesis).run(Kind.NEMESIS_ENDED, nemesis);
    }

    /** Before its holder has given it back. */
    private void giveAway() {
        story.in("c1").revoking("s").in("c2").assigned("s").in("c1").givenBack("s");
    }
}
