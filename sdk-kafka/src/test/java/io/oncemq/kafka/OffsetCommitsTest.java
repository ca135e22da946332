package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OffsetCommitsTest {
    private static final TopicPartition PLACE = new TopicPartition("t", 0);

    private final AtomicLong now = new AtomicLong();
    private final MockConsumer<byte[], byte[]> client = new MockConsumer<>("none");
    private final Consumers consumers = new Consumers(GroupProtocol.CONSUMER, () -> client);
    private final OffsetCommits commits =
            new OffsetCommits(consumers, Duration.ofSeconds(1), Duration.ofSeconds(150), now::get);
    private final OwnedPartition partition = new OwnedPartition(PLACE, 1);

    @BeforeEach
    void own() {
        consumers.open();
        client.assign(List.of(PLACE));
        partition.positioned(5, null, CommitNote.of("topic"));
    }

    @Test
    void commitsWhatIsAcknowledgedSoonAfterAPoll() {
        pass(Duration.ofSeconds(149));
        commits.later(List.of(partition));
        assertThat(committed()).isEqualTo(5);
    }

    @Test
    void commitsNothingAfterALongTimeWithoutAPoll() {
        pass(Duration.ofSeconds(150));
        commits.later(List.of(partition));
        assertThat(commits.isStale()).isTrue();
        assertThat(committed()).isNull();
    }

    @Test
    void commitsAgainAfterThePollThatFollows() {
        pass(Duration.ofSeconds(150));
        commits.polledAt(now.get());
        commits.later(List.of(partition));
        assertThat(committed()).isEqualTo(5);
    }

    @Test
    void aPollCountsFromItsStart() {
        commits.polledAt(Duration.ofSeconds(1).toNanos());
        pass(Duration.ofSeconds(151));
        assertThat(commits.isStale()).isTrue();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private @Nullable Long committed() {
        OffsetAndMetadata found = client.committed(Set.of(PLACE)).get(PLACE);
        return found == null ? null : found.offset();
    }
}
