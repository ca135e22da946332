package io.oncemq.kafka;

import io.oncemq.LostPositions;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingException;
import io.oncemq.StartPosition;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import io.oncemq.spi.support.Waits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a partition is read from (K3). The client's own reset would skip or repeat silently, so it is off and every case is
 * decided here:
 *
 * <ul>
 *   <li>the group has committed an offset for this very topic (by its id): there;
 *   <li>the topic was created anew under the old name: at the beginning, with an event, since the committed offset means
 *       nothing although the broker may accept it;
 *   <li>the broker no longer has the position: as the subscription's {@link LostPositions} says, with an event;
 *   <li>no offset, and the group starts at the earliest, or the partition was added after the group had started: at the
 *       beginning;
 *   <li>no offset, and the group starts at the latest: behind what there was when its first source was opened;
 *   <li>no offset, and the group starts at an instant: at the first message that is not older; where there is none, and with
 *       an instant in the future, as at the latest.
 * </ul>
 *
 * Belongs to the poll thread; blocks for at most a few seconds.
 */
final class StartPositions {
    private static final Duration ASK_DEADLINE = Duration.ofSeconds(1);
    private static final Duration PACE = Duration.ofMillis(500);
    private static final Duration LONGEST_PACE = Duration.ofSeconds(5);

    private final Consumers consumers;
    private final SourceSpec spec;
    private final SourceListener listener;
    private final Topics topics;
    private final OffsetCommits commits;
    private final long opened = Clock.systemUTC().millis();
    private String lastTopic = "";
    private String told = "";
    private boolean recreated;
    private long retryAt = System.nanoTime();
    private int fruitless;

    StartPositions(
            Consumers consumers, SourceSpec spec, SourceListener listener, Topics topics, OffsetCommits commits) {
        this.consumers = consumers;
        this.spec = spec;
        this.listener = listener;
        this.topics = topics;
        this.commits = commits;
    }

    /**
     * Positions what has no position yet, as far as its leaders answer; the rest at a later call. May throw what the client
     * throws, and is called again then as well.
     *
     * @throws MessagingException if a position is lost and the subscription shall stop then
     */
    void settle(Assignment assignment) {
        List<OwnedPartition> fresh = unpositioned(assignment);
        if (fresh.isEmpty() || System.nanoTime() - retryAt < 0) {
            return;
        }
        try {
            TopicDescription topic = topics.describe(spec.destination(), ASK_DEADLINE);
            if (topic != null) {
                settle(assignment, fresh, topic);
            }
        } finally {
            int left = unpositioned(assignment).size();
            fruitless = left < fresh.size() ? 0 : fruitless + 1;
            // Asking holds up the other partitions' polls, so it is done less and less often where nothing answers.
            retryAt = System.nanoTime()
                    + (left == 0
                            ? 0
                            : Waits.doubling(PACE, LONGEST_PACE, fruitless).toNanos());
        }
    }

    private static List<OwnedPartition> unpositioned(Assignment assignment) {
        return assignment.all().stream().filter(each -> !each.isPositioned()).toList();
    }

    private void settle(Assignment assignment, List<OwnedPartition> fresh, TopicDescription topic) {
        String id = topic.topicId().toString();
        Map<TopicPartition, OffsetAndMetadata> committed = committed(topic, fresh);
        boolean other = !lastTopic.isEmpty() && !lastTopic.equals(id) || isAnyOfOtherTopic(committed, id);
        recreated |= other;
        CommitNote note = note(topic, committed);
        Map<TopicPartition, Long> positions = positions(fresh, committed, note);
        List<OwnedPartition> answered = fresh.stream()
                .filter(each -> positions.containsKey(each.partition)
                        || each.loss() == null && usable(committed.get(each.partition), note) != null)
                .toList();
        // What was read of the earlier topic is over, not lost; what was read of this one is lost.
        tellLost(answered.stream()
                .filter(each -> !recreated || each.topicId().equals(id))
                .toList());
        for (OwnedPartition each : anew(assignment, answered)) {
            seek(each, positions.get(each.partition), committed.get(each.partition), note);
        }
        if (note.startedLate()) {
            commitStart(assignment);
        }
        if (other) {
            tellRecreated(id);
        }
        lastTopic = id;
    }

    /** What had a position before gets a new epoch: its open deliveries belong to offsets that mean something else now. */
    private static List<OwnedPartition> anew(Assignment assignment, List<OwnedPartition> answered) {
        assignment.renew(
                answered.stream().filter(each -> !each.topicId().isEmpty()).toList());
        return answered.stream()
                .map(each -> Objects.requireNonNull(assignment.find(each.partition)))
                .toList();
    }

    private void tellRecreated(String id) {
        if (!told.equals(id)) {
            told = id;
            listener.onEvent(new MessagingEvent.DestinationRecreated(
                    spec.destination(), spec.group(), "its id is " + id + " now; it is read from the start"));
        }
    }

    /** At once: a crash after the first message must not make the group start at the latest once more. */
    private void commitStart(Assignment assignment) {
        List<OwnedPartition> started =
                assignment.all().stream().filter(OwnedPartition::isAtStart).toList();
        try {
            commits.now(started, ASK_DEADLINE);
        } catch (RuntimeException e) {
            started.forEach(OwnedPartition::unposition);
            throw e;
        }
    }

    /** Offsets of the whole topic: whether the group has any tells a new partition from a new group. */
    private Map<TopicPartition, OffsetAndMetadata> committed(TopicDescription topic, List<OwnedPartition> fresh) {
        Set<TopicPartition> all = new HashSet<>();
        topic.partitions().forEach(each -> all.add(new TopicPartition(topic.name(), each.partition())));
        fresh.forEach(each -> all.add(each.partition));
        Map<TopicPartition, OffsetAndMetadata> committed =
                new HashMap<>(consumers.get().committed(all, ASK_DEADLINE));
        committed.values().removeIf(each -> each == null);
        return committed;
    }

    private static boolean isAnyOfOtherTopic(Map<TopicPartition, OffsetAndMetadata> committed, String id) {
        return committed.values().stream()
                .map(CommitNote::read)
                .anyMatch(note -> note != null && !note.topic().equals(id));
    }

    private void tellLost(List<OwnedPartition> fresh) {
        for (OwnedPartition each : fresh) {
            String loss = each.loss();
            if (loss != null) {
                String shard = each.shard.name();
                listener.onEvent(new MessagingEvent.PositionsLost(spec.destination(), spec.group(), shard, loss));
                if (spec.onLost() == LostPositions.STOP) {
                    throw new MessagingException(
                            "group " + spec.group() + " lost its position in " + shard + ": " + loss
                                    + ". Messages may be lost. To continue at the oldest message that is left, use LostPositions.EARLIEST");
                }
            }
        }
    }

    private CommitNote note(TopicDescription topic, Map<TopicPartition, OffsetAndMetadata> committed) {
        String id = topic.topicId().toString();
        for (OffsetAndMetadata each : committed.values()) {
            CommitNote known = CommitNote.read(each);
            if (known != null && known.startedLate() && !recreated) {
                return new CommitNote(id, known.partitions(), known.since());
            }
        }
        boolean first = committed.isEmpty() && !recreated && !spec.startAt().equals(StartPosition.EARLIEST);
        return first ? new CommitNote(id, topic.partitions().size(), since()) : CommitNote.of(id);
    }

    /** Never later than the first start: members that come later must not skip what came in between. */
    private long since() {
        Instant start = spec.startAt().instant();
        if (start == null || start.isAfter(Instant.ofEpochMilli(opened))) {
            return opened;
        }
        return start.isBefore(Instant.EPOCH) ? 0 : start.toEpochMilli();
    }

    /** Of partitions whose committed offset does not count, and whose leaders answer. */
    private Map<TopicPartition, Long> positions(
            List<OwnedPartition> fresh, Map<TopicPartition, OffsetAndMetadata> committed, CommitNote note) {
        Map<TopicPartition, OffsetSpec> start = new HashMap<>();
        Map<TopicPartition, OffsetSpec> since = new HashMap<>();
        for (OwnedPartition each : fresh) {
            boolean lost = each.loss() != null;
            if (lost || usable(committed.get(each.partition), note) == null) {
                boolean late = !lost && each.partition.partition() < note.partitions();
                (late ? since : start)
                        .put(each.partition, late ? OffsetSpec.forTimestamp(note.since()) : OffsetSpec.earliest());
            }
        }
        Map<TopicPartition, Long> positions = topics.offsets(start, ASK_DEADLINE);
        positions.putAll(since(since));
        return positions;
    }

    /** The end, asked for first; or what came since the note's time, if there is any. */
    private Map<TopicPartition, Long> since(Map<TopicPartition, OffsetSpec> since) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        since.keySet().forEach(each -> ends.put(each, OffsetSpec.latest()));
        Map<TopicPartition, Long> offsets = topics.offsets(ends, ASK_DEADLINE);
        Map<TopicPartition, Long> found = topics.offsets(since, ASK_DEADLINE);
        offsets.keySet().retainAll(found.keySet());
        offsets.replaceAll((partition, end) -> {
            long first = found.getOrDefault(partition, -1L);
            return first < 0 ? end : Math.min(end, first);
        });
        return offsets;
    }

    private void seek(
            OwnedPartition partition, @Nullable Long position, @Nullable OffsetAndMetadata committed, CommitNote note) {
        OffsetAndMetadata usable = usable(committed, note);
        if (position != null) {
            consumers.get().seek(partition.partition, position);
            partition.positioned(position, null, note);
        } else if (usable != null) {
            consumers.get().seek(partition.partition, usable);
            partition.positioned(usable.offset(), usable, note);
        }
    }

    /** The committed offset if it was committed for this topic, and not for an earlier one of its name. */
    private @Nullable OffsetAndMetadata usable(@Nullable OffsetAndMetadata committed, CommitNote note) {
        CommitNote known = CommitNote.read(committed);
        boolean counts = known == null ? !recreated : known.topic().equals(note.topic());
        return counts ? committed : null;
    }
}
