package io.oncemq.kafka;

import io.oncemq.StartPosition;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One question to the cluster: where partitions without a position are to be read from. Made on the poll thread; asks and concludes on the thread of
 * the admin client, without blocking, from what is known when it is made. Only offsets that were committed before the question count, so
 * it is made after the partitions were assigned.
 */
final class StartQuestion {
    /** For each answer. Only the partitions in question wait for it. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final PositionView topics;
    private final SourceSpec spec;
    private final GroupName name;
    private final long opened;
    private final String lastTopic;
    private final boolean recreated;
    private final Set<TopicPartition> asked = new HashSet<>();
    private final Set<TopicPartition> lost = new HashSet<>();

    /**
     * @param opened when the source was opened, in epoch milliseconds
     * @param lastTopic the id of the topic that was read last, or empty
     * @param recreated whether the topic was recreated since the source was opened
     */
    StartQuestion(
            PositionView topics,
            SourceSpec spec,
            GroupName name,
            long opened,
            String lastTopic,
            boolean recreated,
            List<OwnedPartition> partitions) {
        this.topics = topics;
        this.spec = spec;
        this.name = name;
        this.opened = opened;
        this.lastTopic = lastTopic;
        this.recreated = recreated;
        for (OwnedPartition each : partitions) {
            asked.add(each.partition);
            if (each.loss() != null) {
                lost.add(each.partition);
            }
        }
    }

    /** Fails with the client's exceptions. */
    CompletableFuture<StartAnswer> ask() {
        return topics.topicLater(spec.destination(), DEADLINE)
                .thenCompose(topic -> committed(name.own(), partitions(topic))
                        .thenCompose(own -> moved(topic, own).thenCompose(moved -> conclude(topic, own, moved))))
                .toCompletableFuture();
    }

    /** Of the whole topic: whether the group has any offset tells a new partition from a new group. */
    private Set<TopicPartition> partitions(TopicDescription topic) {
        Set<TopicPartition> all = new HashSet<>(asked);
        topic.partitions().forEach(each -> all.add(new TopicPartition(topic.name(), each.partition())));
        return all;
    }

    private CompletionStage<Map<TopicPartition, OffsetAndMetadata>> committed(String group, Set<TopicPartition> all) {
        return topics.committedLater(group, all, DEADLINE).thenApply(answered -> {
            if (!answered.keySet().containsAll(all)) {
                throw new TimeoutException(
                        "the committed offsets of group " + group + " are not known for every partition");
            }
            Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(answered);
            committed.values().removeIf(each -> each == null);
            return committed;
        });
    }

    /** Offsets of the other consumer group where the own one has none. They count when no member can commit newer ones. */
    private CompletionStage<Map<TopicPartition, OffsetAndMetadata>> moved(
            TopicDescription topic, Map<TopicPartition, OffsetAndMetadata> own) {
        return committed(name.other(), partitions(topic)).thenCompose(other -> {
            boolean begun = !own.isEmpty();
            if (begun && !isNotedFor(topic, other)) {
                // Another program's: it says nothing about what this group has handled.
                return CompletableFuture.completedFuture(Map.of());
            }
            refuseWhereBehind(topic, own, other);
            if (begun && asked.stream().allMatch(each -> own.containsKey(each) || !other.containsKey(each))) {
                return CompletableFuture.completedFuture(Map.of());
            }
            Set<TopicPartition> open = partitions(topic);
            open.removeAll(own.keySet());
            return topics.membersLater(name.other(), topic.name(), DEADLINE).thenCompose(members -> {
                if (members == 0) {
                    // Asked again: the last member may have committed between the two answers.
                    return committed(name.other(), open);
                }
                throw new OtherGroupBusyException(topic.name(), name, members);
            });
        });
    }

    private static boolean isNotedFor(TopicDescription topic, Map<TopicPartition, OffsetAndMetadata> committed) {
        return committed.values().stream().anyMatch(each -> isNotedFor(topic, each));
    }

    private static boolean isNotedFor(TopicDescription topic, OffsetAndMetadata committed) {
        CommitNote note = CommitNote.read(committed);
        return note != null && note.topic().equals(topic.topicId().toString());
    }

    /** After a change back both have offsets, and nothing tells which ones are meant. */
    private void refuseWhereBehind(
            TopicDescription topic,
            Map<TopicPartition, OffsetAndMetadata> own,
            Map<TopicPartition, OffsetAndMetadata> other) {
        for (TopicPartition each : asked) {
            OffsetAndMetadata here = own.get(each);
            OffsetAndMetadata there = other.get(each);
            if (here != null
                    && there != null
                    && isNotedFor(topic, there)
                    && counts(
                            CommitNote.read(here), CommitNote.of(topic.topicId().toString()), recreated)
                    && here.offset() < there.offset()) {
                throw new OtherGroupAheadException(each, name, here.offset(), there.offset());
            }
        }
    }

    private CompletionStage<StartAnswer> conclude(
            TopicDescription topic,
            Map<TopicPartition, OffsetAndMetadata> own,
            Map<TopicPartition, OffsetAndMetadata> moved) {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(own);
        committed.putAll(moved);
        String id = topic.topicId().toString();
        boolean other = !lastTopic.isEmpty() && !lastTopic.equals(id) || isAnyOfOtherTopic(committed, id);
        CommitNote note = note(topic, committed, recreated || other);
        Map<TopicPartition, OffsetAndMetadata> usable = new HashMap<>(committed);
        usable.values().removeIf(each -> !counts(CommitNote.read(each), note, recreated || other));
        Map<TopicPartition, OffsetAndMetadata> usableMoved = new HashMap<>(usable);
        usableMoved.keySet().retainAll(moved.keySet());
        Map<TopicPartition, OffsetAndMetadata> usableOwn = new HashMap<>(usable);
        usableOwn.keySet().retainAll(own.keySet());
        return positions(usable, note)
                .thenApply(positions -> new StartAnswer(id, other, note, usableOwn, usableMoved, positions));
    }

    private static boolean isAnyOfOtherTopic(Map<TopicPartition, OffsetAndMetadata> committed, String id) {
        return committed.values().stream()
                .map(CommitNote::read)
                .anyMatch(note -> note != null && !note.topic().equals(id));
    }

    private CommitNote note(
            TopicDescription topic, Map<TopicPartition, OffsetAndMetadata> committed, boolean recreated) {
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

    /** Whether an offset was committed for this topic, and not for an earlier one of its name. */
    private static boolean counts(@Nullable CommitNote known, CommitNote note, boolean recreated) {
        return known == null ? !recreated : known.topic().equals(note.topic());
    }

    /** Of partitions whose committed offset does not count, and whose leaders answer. */
    private CompletionStage<Map<TopicPartition, Long>> positions(
            Map<TopicPartition, OffsetAndMetadata> usable, CommitNote note) {
        Map<TopicPartition, OffsetSpec> start = new HashMap<>();
        Set<TopicPartition> late = new HashSet<>();
        for (TopicPartition each : asked) {
            boolean isLost = lost.contains(each);
            if (!isLost && each.partition() < note.partitions() && !usable.containsKey(each)) {
                late.add(each);
            } else if (isLost || !usable.containsKey(each)) {
                start.put(each, OffsetSpec.earliest());
            }
        }
        return topics.offsetsLater(start, DEADLINE).thenCombine(since(late, note.since()), (earliest, since) -> {
            Map<TopicPartition, Long> all = new HashMap<>(earliest);
            all.putAll(since);
            return all;
        });
    }

    /** The end, asked for first; or what came since that time, if there is any. */
    private CompletionStage<Map<TopicPartition, Long>> since(Set<TopicPartition> late, long time) {
        return topics.offsetsLater(each(late, OffsetSpec.latest()), DEADLINE)
                .thenCompose(ends -> topics.offsetsLater(each(ends.keySet(), OffsetSpec.forTimestamp(time)), DEADLINE)
                        .thenApply(found -> {
                            Map<TopicPartition, Long> offsets = new HashMap<>();
                            found.forEach((partition, first) -> {
                                long end = Objects.requireNonNull(ends.get(partition));
                                offsets.put(partition, first < 0 ? end : Math.min(end, first));
                            });
                            return offsets;
                        }));
    }

    private static Map<TopicPartition, OffsetSpec> each(Set<TopicPartition> partitions, OffsetSpec asked) {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        partitions.forEach(each -> question.put(each, asked));
        return question;
    }
}
