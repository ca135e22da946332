package io.oncemq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void medianOfAnOddNumberIsTheMiddleOne() {
        assertThat(series(5, 1, 9, 2, 4).median()).isEqualTo(4);
    }

    @Test
    void medianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertThat(series(4, 1, 3, 2).median()).isEqualTo(2.5);
    }

    @Test
    void medianOfOneRunIsThatRun() {
        assertThat(series(7).median()).isEqualTo(7);
    }

    @Test
    void spreadIsTheRangeAsAShareOfTheMedian() {
        assertThat(series(90, 100, 120).spread()).isEqualTo(0.3, within(1e-9));
        assertThat(series(5, 5, 5).spread()).isZero();
    }

    @Test
    void ratioComparesMediansAndNotTheBestRuns() {
        assertThat(series(80, 80, 300).ratioTo(series(100, 100, 100))).isEqualTo(0.8, within(1e-9));
    }

    @Test
    void roundRatiosPairRunsOfTheSameRound() {
        Series rounds = series(50, 90).roundRatiosTo(series(100, 100));

        assertThat(rounds.min()).isEqualTo(0.5);
        assertThat(rounds.max()).isEqualTo(0.9);
    }

    @Test
    void computingLeavesTheOrderOfTheRunsAlone() {
        Series series = series(3, 1, 2);
        series.median();

        assertThat(series.values()).containsExactly(3, 1, 2);
    }

    @Test
    void refusesToBeEmpty() {
        assertThatThrownBy(() -> series()).isInstanceOf(IllegalArgumentException.class);
    }

    private static Series series(double... values) {
        return new Series("x", values);
    }
}
