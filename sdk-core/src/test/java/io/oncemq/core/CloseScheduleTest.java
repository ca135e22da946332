package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseScheduleTest {
    private static final long BEGIN = 1_000;
    private static final int STEPS = 6;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 20, 3600})
    void eachStepIsAskedToEndBeforeItIsLeftBehindAndTheLastOneASecondAfterTheDeadline(int seconds) {
        Duration deadline = Duration.ofSeconds(seconds);
        CloseSchedule schedule = CloseSchedule.from(BEGIN, deadline, STEPS);
        Duration before = Duration.ZERO;
        for (int step = 0; step < STEPS; step++) {
            Duration asked = schedule.left(step, BEGIN);
            Duration abandoned = schedule.abandonedIn(step, BEGIN);
            assertThat(asked).isLessThanOrEqualTo(deadline);
            assertThat(abandoned).as("step %s", step).isGreaterThan(asked).isGreaterThan(before);
            before = abandoned;
        }
        assertThat(before).isEqualTo(deadline.plus(CloseSchedule.GRACE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20, 3600})
    void theFirstStepHasAtLeastFourFifthsAndAllButTwoSeconds(int seconds) {
        Duration deadline = Duration.ofSeconds(seconds);
        Duration first = CloseSchedule.from(BEGIN, deadline, STEPS).left(0, BEGIN);
        assertThat(first).isGreaterThanOrEqualTo(deadline.multipliedBy(4).dividedBy(5));
        assertThat(first).isGreaterThanOrEqualTo(deadline.minusSeconds(2)).isLessThan(deadline);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void aStepAloneHasAllOfTheDeadline(int seconds) {
        Duration deadline = Duration.ofSeconds(seconds);
        CloseSchedule schedule = CloseSchedule.from(BEGIN, deadline, 1);
        assertThat(schedule.left(0, BEGIN)).isEqualTo(deadline);
        assertThat(schedule.left(0, BEGIN + Duration.ofDays(1).toNanos())).isZero();
        assertThat(schedule.abandonedIn(0, BEGIN + Duration.ofDays(1).toNanos()))
                .isZero();
    }
}
