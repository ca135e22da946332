package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeasesTest {
    private final Leases leases = new Leases();
    private final Work first = Works.ready(1);
    private final Work second = Works.ready(2);
    private final Work third = Works.ready(3);

    @Test
    void aRenewalIsDueFromItsTimeOn() {
        leases.append(first, 10);
        assertThat(leases.nextAt(0)).isEqualTo(10);
        assertThat(leases.due(9)).isNull();
        assertThat(leases.due(10)).isSameAs(first);
        assertThat(leases.due(11)).isSameAs(first);
    }

    /** The monotonic clock may pass the largest number. */
    @Test
    void aRenewalIsDueInItsTurnThoughTheClockOverflows() {
        leases.append(first, Long.MIN_VALUE + 5);
        assertThat(leases.due(Long.MAX_VALUE)).isNull();
        assertThat(leases.due(Long.MIN_VALUE + 5)).isSameAs(first);
    }

    @Test
    void nothingIsDueSoonWhereNothingIsClaimed() {
        assertThat(leases.due(1)).isNull();
        assertThat(leases.nextAt(1_000) - 1_000).isGreaterThan(Long.MAX_VALUE / 8);
    }

    @Test
    void oneThatIsAppendedAgainIsDueAfterTheOthersAndOnce() {
        appendAll();
        leases.append(first, 4);
        assertThat(drained()).containsExactly(second, third, first);
    }

    @Test
    void theOthersKeepTheirOrderWhereOneLeaves() {
        appendAll();
        leases.remove(second);
        assertThat(second.leased).isFalse();
        leases.remove(second);
        leases.append(second, 4);
        leases.remove(second);
        assertThat(drained()).containsExactly(first, third);
    }

    @Test
    void whereTheFirstAndTheLastLeaveTheOneBetweenStays() {
        appendAll();
        leases.remove(first);
        leases.remove(third);
        assertThat(leases.nextAt(0)).isEqualTo(2);
        leases.append(third, 3);
        assertThat(drained()).containsExactly(second, third);
    }

    @Test
    void oneThatHasLeftHoldsNoOther() {
        appendAll();
        leases.remove(second);
        assertThat(second.leaseBefore).isNull();
        assertThat(second.leaseAfter).isNull();
    }

    private void appendAll() {
        leases.append(first, 1);
        leases.append(second, 2);
        leases.append(third, 3);
    }

    private List<Work> drained() {
        List<Work> works = new ArrayList<>();
        for (Work due = leases.due(100); due != null; due = leases.due(100)) {
            works.add(due);
            leases.remove(due);
        }
        return works;
    }
}
