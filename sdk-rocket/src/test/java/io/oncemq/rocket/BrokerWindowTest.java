package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BrokerWindowTest {
    private long nanos = Duration.ofHours(1).toNanos();
    private final BrokerWindow window = new BrokerWindow(() -> nanos);

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void aBrokerThatAnswersNothingIsTroubledAfterAWhile() {
        window.enter();
        assertThat(window.isTroubled()).isFalse();
        pass(Duration.ofSeconds(2));
        assertThat(window.isTroubled()).isFalse();
        nanos++;
        assertThat(window.isTroubled()).isTrue();
        window.leave(true);
        assertThat(window.isTroubled()).isFalse();
        pass(Duration.ofSeconds(60));
        assertThat(window.isTroubled()).isFalse();
        window.enter();
        assertThat(window.isTroubled()).isFalse();
    }

    @Test
    void aFailureCountsForAMoment() {
        window.enter();
        window.leave(false);
        pass(Duration.ofSeconds(2).minusNanos(1));
        assertThat(window.isTroubled()).isTrue();
        nanos++;
        assertThat(window.isTroubled()).isFalse();
    }

    @Test
    void whereABrokerIsIsAskedNowAndThen() {
        assertThat(window.unreachable()).isTrue();
        assertThat(window.unreachable()).isFalse();
        assertThat(window.isTroubled()).isTrue();
        pass(Duration.ofMillis(500));
        assertThat(window.unreachable()).isFalse();
        nanos++;
        assertThat(window.unreachable()).isTrue();
    }

    /** Its callers send to other brokers as well. */
    @Test
    @Timeout(5)
    void aFullWindowOfABrokerThatAnswersIsNotWaitedFor() {
        IntStream.range(0, BrokerWindow.SIZE).forEach(each -> window.enter());
        assertThat(window.isFull()).isTrue();
        assertThat(window.isTroubled()).isFalse();
        for (int i = 0; i < 200; i++) {
            assertThat(window.enter()).isFalse();
        }
        window.leave(true);
        assertThat(window.isFull()).isFalse();
        assertThat(window.enter()).isTrue();
    }

    @Test
    void aBrokerThatStandsStillIsNotWaitedFor() throws InterruptedException {
        IntStream.range(0, BrokerWindow.SIZE).forEach(each -> window.enter());
        pass(Duration.ofSeconds(3));
        assertThat(window.enter()).isFalse();
        assertThat(window.awaitEmpty(0)).isFalse();
        IntStream.range(0, BrokerWindow.SIZE).forEach(each -> window.leave(true));
        assertThat(window.enter()).isTrue();
        window.leave(true);
        assertThat(window.awaitEmpty(0)).isTrue();
        assertThat(window.enter()).as("its room is free after that").isTrue();
    }
}
