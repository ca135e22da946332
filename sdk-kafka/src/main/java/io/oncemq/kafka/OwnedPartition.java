package io.oncemq.kafka;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.Shard;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition during one assignment. What is settled and whether a pause is asked for may be set by any thread; all else
 * belongs to the poll thread.
 */
final class OwnedPartition {
    private record LeaderEpoch(long from, int epoch) {}

    private static final long NONE = -1;

    final TopicPartition partition;
    final Shard shard;

    private final AtomicLong settled = new AtomicLong(NONE);
    private volatile boolean pauseWanted;

    private @Nullable String loss;
    private boolean positioned;
    private boolean paused;
    private boolean drained;
    private CommitNote note = CommitNote.of("");
    private long floor;
    private long end = Long.MAX_VALUE;
    private OffsetAndMetadata position = new OffsetAndMetadata(0);
    private long committed = NONE;
    private long delivered = NONE;
    private final Deque<LeaderEpoch> epochs = new ArrayDeque<>();
    private Optional<Integer> lastEpoch = Optional.empty();

    OwnedPartition(TopicPartition partition, long epoch) {
        this.partition = partition;
        this.shard = new Shard(partition.toString(), epoch, Shard.AcknowledgeMode.CUMULATIVE);
    }

    void acknowledge(Acknowledgement acknowledgement) {
        settled.accumulateAndGet(acknowledgement.through(), Math::max);
    }

    void wantPause(boolean pause) {
        pauseWanted = pause;
    }

    boolean isPositioned() {
        return positioned;
    }

    /**
     * Whether the group has committed nothing that says where it started, and did not start at the earliest: a crash after the first message would
     * make it start at the latest again, so nothing is fetched before the commit.
     */
    boolean isStartUncommitted() {
        return positioned && note.startedLate() && committed == NONE;
    }

    boolean isDrained() {
        return drained;
    }

    void drained() {
        drained = true;
    }

    /** How its position was lost; null if it was not. */
    @Nullable
    String loss() {
        return loss;
    }

    /** The id of the topic that its position belongs to. */
    String topicId() {
        return note.topic();
    }

    /** Its position is in doubt: it must not fetch until it is positioned again. */
    void unposition() {
        positioned = false;
    }

    /** The broker does not have its position. */
    void lost(String how) {
        positioned = false;
        loss = how;
    }

    /** @param known the group's committed offset that the position was taken from, or null if there was none */
    void positioned(long offset, @Nullable OffsetAndMetadata known, CommitNote note) {
        floor = offset;
        position = known == null ? new OffsetAndMetadata(offset) : known;
        committed = known == null ? NONE : known.offset();
        this.note = note;
        loss = null;
        positioned = true;
    }

    /** Nothing from this offset on is wanted. */
    void endsAt(long offset) {
        end = offset;
    }

    /** Whether all that is wanted has been fetched. */
    boolean isAtEnd() {
        return positioned && position.offset() >= end;
    }

    /** Whether another thread has asked for a resume that the client has not heard of. */
    boolean isPauseStale() {
        return paused && !shallPause();
    }

    private boolean shallPause() {
        return pauseWanted || !positioned || isStartUncommitted() || drained || isAtEnd();
    }

    /** Makes the client's pause state what it should be. */
    void applyPause(Consumer<?, ?> consumer) {
        boolean wanted = shallPause();
        if (wanted != paused) {
            paused = wanted;
            if (wanted) {
                consumer.pause(List.of(partition));
            } else {
                consumer.resume(List.of(partition));
            }
        }
    }

    /**
     * Takes note of what a poll brought.
     *
     * @param next where the client goes on: beyond transaction markers and compacted records that it skipped
     * @return what of it is wanted
     */
    List<ConsumerRecord<byte[], byte[]>> fetched(List<ConsumerRecord<byte[], byte[]>> all, OffsetAndMetadata next) {
        boolean beyond = next.offset() > end;
        position = beyond ? new OffsetAndMetadata(end) : next;
        List<ConsumerRecord<byte[], byte[]>> records =
                beyond ? all.stream().filter(each -> each.offset() < end).toList() : all;
        if (!records.isEmpty()) {
            ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
            delivered = last.offset();
            if (!last.leaderEpoch().equals(lastEpoch)) {
                records.forEach(this::noteEpoch);
            }
        }
        return records;
    }

    private void noteEpoch(ConsumerRecord<byte[], byte[]> record) {
        Optional<Integer> epoch = record.leaderEpoch();
        if (epoch.isPresent() && !epoch.equals(lastEpoch)) {
            epochs.add(new LeaderEpoch(record.offset(), epoch.get()));
            lastEpoch = epoch;
        }
    }

    /**
     * What should be committed now, or null if that is committed already. Everything below it is settled. Where nothing
     * delivered is left unsettled it is the client's position, which lies beyond what was never delivered.
     */
    @Nullable
    OffsetAndMetadata due() {
        if (!positioned) {
            return null;
        }
        long through = settled.get();
        boolean all = through >= delivered;
        long offset = all ? position.offset() : Math.max(floor, through + 1);
        if (offset == committed) {
            return null;
        }
        return new OffsetAndMetadata(offset, all ? position.leaderEpoch() : epochBefore(offset), note.text());
    }

    private Optional<Integer> epochBefore(long offset) {
        Optional<Integer> epoch = Optional.empty();
        while (!epochs.isEmpty() && epochs.peek().from() < offset) {
            epoch = Optional.of(epochs.poll().epoch());
        }
        epoch.ifPresent(number -> epochs.addFirst(new LeaderEpoch(offset - 1, number)));
        return epoch;
    }

    void committed(long offset) {
        committed = offset;
    }
}
