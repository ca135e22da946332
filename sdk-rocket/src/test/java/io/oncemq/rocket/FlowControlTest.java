package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.PublishListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlowControlTest {
    private final List<String> reports = new ArrayList<>();
    private long now;
    private final FlowControl flowControl = new FlowControl(new Reports(), () -> now);

    @Test
    void aBrokerThatTurnsEverythingAwayIsReportedOnceWithItsReason() {
        turnedAwayAfter(Duration.ZERO, "a");
        turnedAwayAfter(FlowControl.PATIENCE.minusNanos(1), "a");
        assertThat(reports).isEmpty();
        turnedAwayAfter(Duration.ofNanos(1), "a");
        turnedAwayAfter(Duration.ofSeconds(1), "a");
        assertThat(reports).containsExactly("orders blocked: a: busy");
    }

    @Test
    void aBrokerThatStoresSomeOfTheMessagesIsNotReported() {
        for (int second = 0; second < 10; second++) {
            turnedAwayAfter(Duration.ofSeconds(1), "a");
            flowControl.taken("orders", "a");
        }
        assertThat(reports).isEmpty();
    }

    @Test
    void theFirstStoredMessageEndsIt() {
        blocked("a");
        flowControl.taken("payments", "a");
        flowControl.taken("orders", "b");
        assertThat(reports).hasSize(1);
        flowControl.taken("orders", "a");
        flowControl.taken("orders", "a");
        assertThat(reports).containsExactly("orders blocked: a: busy", "orders unblocked");
    }

    @Test
    void aDestinationIsBlockedUntilTheLastOfItsBrokersTakesMessages() {
        blocked("a");
        blocked("b");
        flowControl.taken("orders", "a");
        assertThat(reports).containsExactly("orders blocked: a: busy", "orders blocked: b: busy");
        flowControl.taken("orders", "b");
        assertThat(reports).last().isEqualTo("orders unblocked");
    }

    @Test
    void aDestinationToWhichNobodyPublishesAnyMoreIsForgotten() {
        blocked("a");
        now += FlowControl.QUIET.toNanos() - 1;
        flowControl.tick();
        assertThat(reports).hasSize(1);
        now++;
        flowControl.tick();
        assertThat(reports).containsExactly("orders blocked: a: busy", "orders unblocked");
    }

    private void blocked(String broker) {
        turnedAwayAfter(Duration.ZERO, broker);
        turnedAwayAfter(FlowControl.PATIENCE, broker);
    }

    private void turnedAwayAfter(Duration time, String broker) {
        now += time.toNanos();
        flowControl.turnedAway("orders", broker, "busy");
    }

    private final class Reports implements PublishListener {
        @Override
        public void blocked(@Nullable String destination, String reason) {
            reports.add(destination + " blocked: " + reason);
        }

        @Override
        public void unblocked(@Nullable String destination) {
            reports.add(destination + " unblocked");
        }

        @Override
        public void confirmed(Object context, Position position) {
            throw new AssertionError("no message");
        }

        @Override
        public void rejected(Object context, Reason reason, Throwable cause) {
            throw new AssertionError("no message");
        }

        @Override
        public void notSent(Object context, Throwable cause) {
            throw new AssertionError("no message");
        }

        @Override
        public void unknown(Object context, Throwable cause) {
            throw new AssertionError("no message");
        }

        @Override
        public void sessionFailed(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public boolean shards(String destination, int count) {
            throw new AssertionError("no queues");
        }

        @Override
        public void writable(boolean writable) {
            throw new AssertionError("no window");
        }
    }
}
