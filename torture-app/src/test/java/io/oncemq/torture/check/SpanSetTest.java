package io.oncemq.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpanSetTest {
    private final SpanSet spans = new SpanSet().add(10, 20).add(40, 50);

    @Test
    void countsWhatLiesWithin() {
        assertThat(spans.within(0, 100)).isEqualTo(20);
        assertThat(spans.within(15, 45)).isEqualTo(10);
        assertThat(spans.within(20, 40)).isZero();
        assertThat(spans.outside(0, 100)).isEqualTo(80);
    }

    @Test
    void countsWhatOverlapsOnce() {
        spans.add(15, 30).add(5, 12).add(45, 60);
        assertThat(spans.within(0, 100)).isEqualTo(25 + 20);
    }

    @Test
    void joinsWhatLiesBetween() {
        spans.add(12, 45);
        assertThat(spans.within(0, 100)).isEqualTo(40);
        assertThat(spans.within(0, 11)).isEqualTo(1);
    }

    @Test
    void keepsWhatLiesWithinAnother() {
        spans.add(12, 13);
        assertThat(spans.within(0, 100)).isEqualTo(20);
    }

    @Test
    void meetsAnother() {
        SpanSet both = spans.and(new SpanSet().add(0, 12).add(15, 16).add(45, 90));
        assertThat(both.within(0, 100)).isEqualTo(2 + 1 + 5);
        assertThat(both.within(12, 15)).isZero();
    }

    @Test
    void touchesItsEnds() {
        assertThat(spans.touches(20, 30)).isTrue();
        assertThat(spans.touches(21, 39)).isFalse();
        assertThat(spans.touches(0, 9)).isFalse();
        assertThat(spans.touches(0, 10)).isTrue();
    }
}
