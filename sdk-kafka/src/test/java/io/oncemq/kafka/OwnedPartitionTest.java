package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.Acknowledgement;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** K4: what a partition commits, given what was delivered and what is settled. */
class OwnedPartitionTest {
    private static final TopicPartition PLACE = new TopicPartition("t", 0);

    private final OwnedPartition partition = new OwnedPartition(PLACE, 1);

    @Test
    void commitsNothingBeforeItHasAPosition() {
        assertThat(partition.due()).isNull();
    }

    @Test
    void commitsItsStartOnceAndNothingUnchanged() {
        position(5, null);
        assertThat(due()).isEqualTo(5);
        partition.committed(5);
        assertThat(partition.due()).isNull();
    }

    @Test
    void neverCommitsBelowItsStart() {
        position(5, null);
        deliver(5, 1);
        settle(-1);
        assertThat(due()).isEqualTo(5);
    }

    @Test
    void commitsBehindTheLastSettledOfWhatWasDelivered() {
        position(5, new OffsetAndMetadata(5));
        deliver(5, 1);
        deliver(9, 1);
        skipTo(12, 1);
        settle(5);
        assertThat(due()).isEqualTo(6);
    }

    @Test
    void commitsThePositionWhereAllIsSettled() {
        position(5, new OffsetAndMetadata(5));
        deliver(9, 1);
        skipTo(12, 1);
        settle(9);
        assertThat(due()).isEqualTo(12);
    }

    @Test
    void commitsWhatWasSkippedBeforeAnythingWasDelivered() {
        position(5, new OffsetAndMetadata(5));
        skipTo(12, 1);
        assertThat(due()).isEqualTo(12);
    }

    @Test
    void takesNoStepBackForAnAcknowledgementThatComesLate() {
        position(0, new OffsetAndMetadata(0));
        deliver(9, 1);
        settle(7);
        settle(3);
        assertThat(due()).isEqualTo(8);
    }

    @Test
    void notesTheLeaderEpochOfTheLastSettledRecord() {
        position(0, new OffsetAndMetadata(0, Optional.of(1), ""));
        deliver(0, 1);
        deliver(1, 2);
        deliver(2, 2);
        deliver(3, 4);
        settle(0);
        assertThat(epoch()).contains(1);
        settle(2);
        assertThat(epoch()).contains(2);
        assertThat(epoch()).contains(2);
        settle(3);
        assertThat(epoch()).contains(4);
    }

    @Test
    void handsOutAndCommitsNothingFromItsEndOn() {
        position(0, new OffsetAndMetadata(0));
        partition.endsAt(5);
        assertThat(deliver(4, 1)).extracting(ConsumerRecord::offset).containsExactly(4L);
        assertThat(deliver(5, 1)).isEmpty();
        settle(4);
        assertThat(due()).isEqualTo(5);
    }

    @Test
    void handsOutWhatComesBeforeItsEndInTheAnswerThatPassesIt() {
        position(0, new OffsetAndMetadata(0));
        partition.endsAt(5);
        List<ConsumerRecord<byte[], byte[]>> all = List.of(record(4, 1), record(5, 1), record(6, 1));
        assertThat(partition.fetched(all, new OffsetAndMetadata(7)))
                .extracting(ConsumerRecord::offset)
                .containsExactly(4L);
    }

    @Test
    void isAtItsEndOnceAllBeforeItIsFetched() {
        partition.endsAt(0);
        assertThat(partition.isAtEnd()).as("before it has a position").isFalse();
        partition.endsAt(6);
        position(4, new OffsetAndMetadata(4));
        assertThat(partition.isAtEnd()).isFalse();
        deliver(4, 1);
        assertThat(partition.isAtEnd()).isFalse();
        deliver(5, 1);
        assertThat(partition.isAtEnd()).isTrue();
    }

    @Test
    void keepsTheLeaderEpochOfAPositionThatIsExactlyItsEnd() {
        position(0, new OffsetAndMetadata(0));
        partition.endsAt(5);
        deliver(4, 3);
        settle(4);
        assertThat(due()).isEqualTo(5);
        assertThat(epoch()).contains(3);
    }

    @Test
    void takesNoLeaderEpochFromRecordsThatHaveNone() {
        position(0, new OffsetAndMetadata(0, Optional.of(1), ""));
        partition.fetched(List.of(record(0, null), record(1, null)), new OffsetAndMetadata(2));
        settle(0);
        assertThat(due()).isEqualTo(1);
        assertThat(epoch()).isEmpty();
    }

    @Test
    void losesItsPositionAndTheReasonIsForgottenWithTheNextOne() {
        position(0, new OffsetAndMetadata(0));
        assertThat(partition.isPositioned()).isTrue();
        assertThat(partition.loss()).isNull();
        assertThat(partition.topicId()).isEqualTo("topic");
        partition.lost("out of range");
        assertThat(partition.isPositioned()).isFalse();
        assertThat(partition.loss()).isEqualTo("out of range");
        assertThat(partition.due()).isNull();
        position(7, null);
        assertThat(partition.isPositioned()).isTrue();
        assertThat(partition.loss()).isNull();
    }

    @Test
    void aPositionInDoubtIsNotCommitted() {
        position(5, null);
        partition.unposition();
        assertThat(partition.isPositioned()).isFalse();
        assertThat(partition.due()).isNull();
    }

    private void position(long offset, OffsetAndMetadata known) {
        partition.positioned(offset, known, CommitNote.of("topic"));
    }

    private List<ConsumerRecord<byte[], byte[]>> deliver(long offset, int epoch) {
        return partition.fetched(
                List.of(record(offset, epoch)), new OffsetAndMetadata(offset + 1, Optional.of(epoch), ""));
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, @Nullable Integer epoch) {
        return new ConsumerRecord<>(
                PLACE.topic(),
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                null,
                new byte[0],
                new RecordHeaders(),
                Optional.ofNullable(epoch));
    }

    /** Over markers and compacted records. */
    private void skipTo(long offset, int epoch) {
        partition.fetched(List.of(), new OffsetAndMetadata(offset, Optional.of(epoch), ""));
    }

    private void settle(long through) {
        partition.acknowledge(new Acknowledgement(partition.shard, through, Acknowledgement.NONE, false));
    }

    private long due() {
        return partition.due().offset();
    }

    private Optional<Integer> epoch() {
        return partition.due().leaderEpoch();
    }
}
