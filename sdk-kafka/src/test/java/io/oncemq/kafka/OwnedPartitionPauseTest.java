package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a partition fetches nothing, and what its client is told then. */
class OwnedPartitionPauseTest {
    private static final TopicPartition PLACE = new TopicPartition("t", 0);
    private static final CommitNote EARLIEST = CommitNote.of("topic");
    private static final CommitNote LATEST = new CommitNote("topic", 3, 1_000);

    private final OwnedPartition partition = new OwnedPartition(PLACE, 1);
    private final ToldConsumer consumer = new ToldConsumer();

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PLACE));
    }

    @Test
    void fetchesNothingBeforeItHasAPosition() {
        assertThat(isPaused()).isTrue();
        start(EARLIEST);
        assertThat(isPaused()).isFalse();
        partition.unposition();
        assertThat(isPaused()).isTrue();
    }

    @Test
    void fetchesNothingWhileTheEngineWantsAPause() {
        start(EARLIEST);
        partition.wantPause(true);
        assertThat(isPaused()).isTrue();
        partition.wantPause(false);
        assertThat(isPaused()).isFalse();
    }

    @Test
    void fetchesNothingOnceItIsDrained() {
        start(EARLIEST);
        assertThat(partition.isDrained()).isFalse();
        assertThat(isPaused()).isFalse();
        partition.drained();
        assertThat(partition.isDrained()).isTrue();
        assertThat(isPaused()).isTrue();
    }

    @Test
    void fetchesNothingFromItsEndOn() {
        partition.endsAt(1);
        start(EARLIEST);
        assertThat(isPaused()).isFalse();
        partition.fetched(List.of(), new OffsetAndMetadata(1));
        assertThat(isPaused()).isTrue();
    }

    /** A crash before that commit would make the group start at the latest again. */
    @Test
    void fetchesNothingBeforeALateStartIsCommitted() {
        assertThat(partition.isStartUncommitted()).isFalse();
        start(LATEST);
        assertThat(partition.isStartUncommitted()).isTrue();
        assertThat(isPaused()).isTrue();
        partition.committed(0);
        assertThat(partition.isStartUncommitted()).isFalse();
        assertThat(isPaused()).isFalse();
    }

    @Test
    void aStartAtTheEarliestNeedsNoCommitBeforeTheFirstMessage() {
        start(EARLIEST);
        assertThat(partition.isStartUncommitted()).isFalse();
    }

    @Test
    void aLateStartWithoutAPositionIsNotReadyToBeCommitted() {
        start(LATEST);
        partition.unposition();
        assertThat(partition.isStartUncommitted()).isFalse();
    }

    @Test
    void aPauseIsStaleFromTheWishToResumeUntilTheClientIsTold() {
        start(EARLIEST);
        assertThat(partition.isPauseStale()).as("it is not paused").isFalse();
        partition.wantPause(true);
        assertThat(partition.isPauseStale()).as("the client is not paused yet").isFalse();
        partition.applyPause(consumer);
        assertThat(partition.isPauseStale()).as("the pause is wanted").isFalse();
        partition.wantPause(false);
        assertThat(partition.isPauseStale()).isTrue();
        partition.applyPause(consumer);
        assertThat(partition.isPauseStale()).isFalse();
    }

    @Test
    void theClientIsToldOfChangesOnly() {
        start(EARLIEST);
        partition.applyPause(consumer);
        assertThat(consumer.told).isZero();
        partition.wantPause(true);
        partition.applyPause(consumer);
        partition.applyPause(consumer);
        assertThat(consumer.told).isEqualTo(1);
    }

    private void start(CommitNote note) {
        partition.positioned(0, null, note);
    }

    private boolean isPaused() {
        partition.applyPause(consumer);
        return consumer.paused().contains(PLACE);
    }

    private static final class ToldConsumer extends MockConsumer<byte[], byte[]> {
        int told;

        ToldConsumer() {
            super("none");
        }

        @Override
        public synchronized void pause(Collection<TopicPartition> partitions) {
            told++;
            super.pause(partitions);
        }

        @Override
        public synchronized void resume(Collection<TopicPartition> partitions) {
            told++;
            super.resume(partitions);
        }
    }
}
