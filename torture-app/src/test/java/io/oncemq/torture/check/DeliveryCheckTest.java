package io.oncemq.torture.check;

import static io.oncemq.torture.check.FateCheckTest.assertClean;
import static io.oncemq.torture.check.FateCheckTest.assertOnly;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A message may wait for the older ones of its shard, and for nothing else. */
class DeliveryCheckTest {
    private static final long SHORTER = Story.RECOVERY;
    private static final long LONGER = 2 * Story.RECOVERY;

    private final Story story = new Story().in("c1").assigned("s").published("a1", "b1", "c1");

    @Test
    void aBacklogThatIsHandledIsNotLate() {
        later("a1", SHORTER);
        later("b1", SHORTER);
        later("c1", SHORTER);
        assertClean(story.ends());
    }

    @Test
    void aBacklogThatStoodStillIsLateOnce() {
        later("a1", SHORTER);
        later("b1", LONGER);
        later("c1", 1);
        assertOnly(Rule.DELIVERY, 1, story.ends());
    }

    @Test
    void aMessageWhoseShardWaitsUntilEarlierOnesAreAcknowledgedIsNotLate() {
        story.setting("handlerTimeout", 0).handles("a1").handles("b1");
        story.later(SHORTER).done("a1").acked("a1").later(SHORTER).done("b1").acked("b1");
        later("c1", SHORTER);
        assertThat(story.ends().breaches(Rule.DELIVERY)).isZero();
    }

    @Test
    void aMessageThatLaterOnesOvertookIsLate() {
        later("b1", SHORTER);
        later("c1", SHORTER);
        later("a1", 1);
        assertOnly(Rule.DELIVERY, 1, story.ends());
    }

    private void later(String id, long ms) {
        story.later(ms).settles(id);
    }
}
