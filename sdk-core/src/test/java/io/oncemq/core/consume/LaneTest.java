package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final Lane lane = new Lane("k");
    private final Work first = Works.waiting(1);
    private final Work second = Works.waiting(2);
    private final Work third = Works.waiting(3);

    @Test
    void theHeadIsTheOldestThatIsLeft() {
        assertThat(lane.head()).isNull();
        addAll();
        assertThat(lane.head()).isSameAs(first);
        lane.remove(first);
        assertThat(lane.head()).isSameAs(second);
        lane.remove(second);
        lane.remove(third);
        assertThat(lane.head()).isNull();
        assertThat(lane.size()).isZero();
    }

    @Test
    void keepsItsOrderWhereOneInTheMiddleLeaves() {
        addAll();
        lane.remove(second);
        assertThat(lane.size()).isEqualTo(2);
        assertThat(drained()).containsExactly(first, third);
    }

    @Test
    void keepsItsOrderWhereTheLastLeavesAndAnotherComes() {
        addAll();
        lane.remove(third);
        Work fourth = Works.waiting(4);
        lane.add(fourth);
        assertThat(drained()).containsExactly(first, second, fourth);
    }

    @Test
    void aMessageThatHasLeftHoldsNoOther() {
        addAll();
        assertThat(second.lane).isSameAs(lane);
        lane.remove(second);
        assertThat(second.lane).isNull();
        assertThat(second.beforeInLane).isNull();
        assertThat(second.nextInLane).isNull();
    }

    @Test
    void theNextUnclaimedIsTheOldestThatWaits() {
        assertThat(lane.nextUnclaimed()).isNull();
        addAll();
        assertThat(lane.nextUnclaimed()).isSameAs(first);
        first.move(WorkEvent.NO_CLAIM_NEEDED);
        second.move(WorkEvent.NO_CLAIM_NEEDED);
        assertThat(lane.nextUnclaimed()).isSameAs(third);
        third.move(WorkEvent.NO_CLAIM_NEEDED);
        assertThat(lane.nextUnclaimed()).isNull();
        Work fourth = Works.waiting(4);
        lane.add(fourth);
        assertThat(lane.nextUnclaimed()).isSameAs(fourth);
    }

    @Test
    void anUnclaimedMessageThatLeavesIsNotTheNextToBeClaimed() {
        addAll();
        lane.remove(first);
        assertThat(lane.nextUnclaimed()).isSameAs(second);
        lane.remove(third);
        assertThat(lane.nextUnclaimed()).isSameAs(second);
    }

    @Test
    void aTokenBelowTheLastOneWouldStepBackForAHandlerOnly() {
        lane.tokenUsed(7);
        lane.tokenUsed(5);
        first.claimed = true;
        first.token = 6;
        assertThat(lane.wouldStepBack(first)).isTrue();
        first.token = 7;
        assertThat(lane.wouldStepBack(first)).isFalse();
        first.token = 6;
        first.verdict = Work.Verdict.FINISH_DEAD_LETTER;
        assertThat(lane.wouldStepBack(first)).isFalse();
        second.token = 6;
        assertThat(lane.wouldStepBack(second)).as("without a claim").isFalse();
    }

    private void addAll() {
        lane.add(first);
        lane.add(second);
        lane.add(third);
    }

    private List<Work> drained() {
        List<Work> works = new ArrayList<>();
        for (Work head = lane.head(); head != null; head = lane.head()) {
            works.add(head);
            lane.remove(head);
        }
        return works;
    }
}
