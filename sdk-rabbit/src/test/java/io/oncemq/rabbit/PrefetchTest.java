package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PrefetchTest {
    private static final int WANTED = 2_000;

    private final Prefetch prefetch = new Prefetch(0);
    private long now;

    @Test
    void isWhatIsWantedWhileNothingIsTooLarge() {
        assertThat(prefetch.of(WANTED)).isEqualTo(WANTED);
        assertThat(prefetch.mayGrow(now)).isFalse();
    }

    @Test
    void growsBackSomeTimeAfterItShrank() {
        pass(Duration.ofHours(1));
        prefetch.shrink(3, now);
        assertThat(prefetch.of(WANTED)).isEqualTo(3);
        pass(Prefetch.FIRST_REST.minusNanos(1));
        assertThat(prefetch.mayGrow(now)).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(prefetch.mayGrow(now)).isTrue();
        prefetch.grow(40, WANTED, now);
        assertThat(prefetch.of(WANTED)).isEqualTo(40);
        pass(Prefetch.FIRST_REST);
        prefetch.grow(WANTED, WANTED, now);
        assertThat(prefetch.of(WANTED)).isEqualTo(WANTED);
        assertThat(prefetch.mayGrow(now)).isFalse();
    }

    /** Large and small messages in turns: each change costs a channel. */
    @Test
    void waitsLongerAfterEachTimeThatGrowingWasTooEarly() {
        pass(Duration.ofHours(1));
        prefetch.shrink(3, now);
        Duration rest = Prefetch.FIRST_REST;
        for (int round = 0; round < 10; round++) {
            pass(rest);
            assertThat(prefetch.mayGrow(now)).isTrue();
            prefetch.grow(WANTED, WANTED, now);
            prefetch.shrink(3, now);
            Duration longer = rest.multipliedBy(2);
            rest = longer.compareTo(Prefetch.LAST_REST) < 0 ? longer : Prefetch.LAST_REST;
            pass(rest.minusNanos(1));
            assertThat(prefetch.mayGrow(now)).isFalse();
            pass(Duration.ofNanos(1).minus(rest));
        }
        assertThat(rest).isEqualTo(Prefetch.LAST_REST);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
