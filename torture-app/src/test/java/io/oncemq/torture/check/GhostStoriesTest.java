package io.oncemq.torture.check;

import static io.oncemq.torture.check.StoriesTest.assertFound;

import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.Test;

/** A process that keeps a shard which another one was given. */
class GhostStoriesTest {
    private final Story story = new Story().published("a1", "a2").in("c1").assigned("s");

    @Test
    void isSeenWhileTheShardGoesFromOneToAnother() {
        story.settles("a1", "a2").in("ghost").assigned("s");
        for (int i = 1; i < 10; i++) {
            story.later(2_000)
                    .in("c" + i)
                    .revoked("s")
                    .later(10)
                    .in("c" + (i + 1))
                    .assigned("s");
        }
        assertFound(Rule.DUAL_OWNER, story.in("ghost").lost("s"));
    }

    @Test
    void isSeenBeyondTheFault() {
        story.settles("a1", "a2").run(Kind.NEMESIS_BEGUN, "kill-broker broker").later(1_000);
        story.in("c2").assigned("s").later(500).run(Kind.NEMESIS_ENDED, "kill-broker broker");
        assertFound(Rule.DUAL_OWNER, story.later(30_000).in("c1").lost("s"));
    }

    @Test
    void isSeenBetweenFaults() {
        story.settles("a1", "a2").in("c2").assigned("s");
        for (int i = 0; i < 6; i++) {
            story.run(Kind.NEMESIS_BEGUN, "reset-broker broker").later(1_000);
            story.run(Kind.NEMESIS_ENDED, "reset-broker broker").later(5_000);
        }
        assertFound(Rule.DUAL_OWNER, story.in("c1").lost("s"));
    }

    @Test
    void isSeenThroughAFaultThatKeepsItFromNothing() {
        story.settles("a1", "a2")
                .run(Kind.NEMESIS_BEGUN, "delay-broker broker")
                .in("c2")
                .assigned("s");
        for (int i = 1; i <= 30; i++) {
            story.published("b" + i)
                    .in("c1")
                    .settles("b" + i)
                    .in("c2")
                    .assigned("t")
                    .later(900);
        }
        assertFound(Rule.DUAL_OWNER, story.in("c1").lost("s"));
    }

    @Test
    void isSeenInARebalanceThatIsOrderly() {
        story.settles("a1", "a2").run(Kind.NEMESIS_BEGUN, "rebalance-storm members: a guest and c1");
        story.revoking("s").in("c2").assigned("s").in("c1").givenBack("s");
        assertFound(Rule.DUAL_OWNER, story.run(Kind.NEMESIS_ENDED, "rebalance-storm members: a guest and c1"));
    }
}
