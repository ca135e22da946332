package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a part of a destination rests after trouble, and after a mere lack of room. */
class HoldsTest {
    private static final Holds.Part PART = Holds.Part.whole("orders");
    private static final long ROOM = Duration.ofMillis(2).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final IntervalFunction DOUBLING = IntervalFunction.ofExponentialBackoff(Duration.ofMillis(50), 2);

    private final Holds holds = new Holds(new BackOffs(DOUBLING, DOUBLING, DOUBLING));
    private long now = -3 * SECOND;

    @Test
    void eachTroubleSoonAfterTheOneBeforeRestsLonger() {
        assertThat(troubled()).isEqualTo(50);
        assertThat(troubled()).isEqualTo(100);
        assertThat(troubled()).isEqualTo(200);
    }

    @Test
    void afterAQuietTimeTroubleIsTheFirstAgain() {
        troubled();
        troubled();
        now += 11 * SECOND;
        assertThat(troubled()).isEqualTo(50);
    }

    /** A busy broker is often without room, for hours after its last trouble. */
    @Test
    void aLackOfRoomKeepsNoMemoryOfTroubleAlive() {
        troubled();
        troubled();
        troubled();
        for (int i = 0; i < 60; i++) {
            withoutRoom();
            now += SECOND;
        }
        assertThat(troubled()).isEqualTo(50);
    }

    @Test
    void aLackOfRoomDoesNotMakeTheNextRestLonger() {
        withoutRoom();
        withoutRoom();
        assertThat(troubled()).isEqualTo(50);
        withoutRoom();
        assertThat(troubled()).isEqualTo(100);
    }

    /** @return for how many milliseconds it rested */
    private long troubled() {
        holds.hold(PART, now);
        return Duration.ofNanos(restIsOver()).toMillis();
    }

    private void withoutRoom() {
        holds.rest(PART, now, ROOM);
        assertThat(restIsOver()).isEqualTo(ROOM);
    }

    private long restIsOver() {
        assertThat(holds.isHeld(PART)).isTrue();
        long left = holds.left(now, Long.MAX_VALUE);
        assertThat(holds.end(now + left - 1)).isFalse();
        now += left;
        assertThat(holds.end(now)).isTrue();
        assertThat(holds.isHeld(PART)).isFalse();
        return left;
    }
}
