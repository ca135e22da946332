package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingEvent.SourceResumed;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StartDelaysTest {
    private static final Duration RETRY_IN = Duration.ofSeconds(4);

    private final List<MessagingEvent> events = new ArrayList<>();
    private long now;
    private final StartDelays delays =
            new StartDelays(SourceSpec.builder("orders", "billing").build(), new Events(), () -> now);
    private final OwnedPartition partition = new OwnedPartition(new TopicPartition("orders", 2), 1);

    @Test
    void aDelayThatLastsIsOneEventThatNamesPartitionAndCause() {
        TimeoutException cause = new TimeoutException("not now");
        unansweredAt(Duration.ZERO, cause);
        unansweredAt(StartDelays.GRACE.minusNanos(1), cause);
        assertThat(events).isEmpty();
        unansweredAt(StartDelays.GRACE, cause);
        unansweredAt(StartDelays.GRACE.multipliedBy(3), cause);
        assertThat(events).singleElement().isInstanceOfSatisfying(SourceInterrupted.class, event -> {
            assertThat(event.partition()).isEqualTo("orders-2");
            assertThat(event.group()).isEqualTo("billing");
            assertThat(event.retryIn()).isEqualTo(RETRY_IN);
            assertThat(event.cause())
                    .hasCause(cause)
                    .hasMessageContainingAll("orders-2", "not now", "Check the broker");
        });
    }

    @Test
    void aLeaderThatDoesNotAnswerIsTheCauseWhereTheQuestionWasAnswered() {
        unansweredAt(Duration.ZERO, null);
        unansweredAt(StartDelays.GRACE, null);
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        SourceInterrupted.class,
                        event -> assertThat(event.cause()).hasMessageContaining("its leader does not answer"));
    }

    @Test
    void theEndOfAReportedDelayIsReportedOnce() {
        unansweredAt(Duration.ZERO, null);
        unansweredAt(StartDelays.GRACE, null);
        delays.settle(List.of(partition));
        assertThat(events).hasSize(1);
        OwnedPartition renewed = new OwnedPartition(partition.partition, 2);
        renewed.positioned(7, null, CommitNote.of("id"));
        delays.settle(List.of(renewed));
        delays.settle(List.of(renewed));
        assertThat(events)
                .hasSize(2)
                .last()
                .isEqualTo(new SourceResumed("orders", "billing", "orders-2", StartDelays.GRACE));
    }

    @Test
    void aPartitionOfAnotherOwnerBeginsANewDelay() {
        unansweredAt(Duration.ZERO, null);
        delays.settle(List.of());
        unansweredAt(StartDelays.GRACE, null);
        assertThat(events).isEmpty();
    }

    @Test
    void aDelayThatWasNotReportedEndsWithoutAnEvent() {
        unansweredAt(Duration.ZERO, null);
        partition.positioned(7, null, CommitNote.of("id"));
        delays.settle(List.of(partition));
        assertThat(events).isEmpty();
    }

    private void unansweredAt(Duration time, @Nullable TimeoutException cause) {
        now = time.toNanos();
        delays.unanswered(List.of(partition), cause, RETRY_IN);
    }

    private final class Events implements SourceListener {
        @Override
        public void onEvent(MessagingEvent event) {
            events.add(event);
        }

        @Override
        public void onAssigned(Collection<Shard> shards) {
            throw new AssertionError("no assignment");
        }

        @Override
        public void onMessages(Shard shard, List<InboundMessage> messages) {
            throw new AssertionError("no messages");
        }

        @Override
        public List<Acknowledgement> onRevoking(Collection<Shard> shards) {
            throw new AssertionError("no revocation");
        }

        @Override
        public void onLost(Collection<Shard> shards) {
            throw new AssertionError("no loss");
        }

        @Override
        public void onFailure(Throwable cause) {
            throw new AssertionError(cause);
        }
    }
}
