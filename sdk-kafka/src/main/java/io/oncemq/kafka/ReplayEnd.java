package io.oncemq.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a replay ends: behind what each partition held when this member began. It is reached when the group's committed offsets say so, for
 * then all of it is settled, whichever member did it; an offset of an earlier topic of that name says nothing. Belongs to the poll thread;
 * blocks for at most a few seconds.
 */
final class ReplayEnd {
    private static final Duration ASK_DEADLINE = Duration.ofSeconds(1);
    private static final Duration PACE = Duration.ofMillis(300);

    private final Consumers consumers;
    private final String topic;
    private final Topics topics;
    private @Nullable Map<TopicPartition, Long> ends;
    private String topicId = "";
    private long askAt = System.nanoTime();
    private boolean reached;

    ReplayEnd(Consumers consumers, String topic, Topics topics) {
        this.consumers = consumers;
        this.topic = topic;
        this.topics = topics;
    }

    /** Whether it is known by now; asks where it is not. */
    boolean isKnown() {
        if (ends == null && isDue()) {
            TopicDescription described = topics.describe(topic, ASK_DEADLINE);
            if (described != null) {
                Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
                described
                        .partitions()
                        .forEach(each -> asked.put(new TopicPartition(topic, each.partition()), OffsetSpec.latest()));
                Map<TopicPartition, Long> answered = topics.offsets(asked, ASK_DEADLINE);
                topicId = described.topicId().toString();
                ends = answered.keySet().containsAll(asked.keySet()) ? answered : null;
            }
        }
        return ends != null;
    }

    /** A partition that was added later held nothing. */
    void apply(Collection<OwnedPartition> owned) {
        Map<TopicPartition, Long> known = ends;
        if (known != null) {
            owned.forEach(each -> each.endsAt(known.getOrDefault(each.partition, 0L)));
        }
    }

    /** True once, when everything up to the end is settled. */
    boolean isReached(Collection<OwnedPartition> owned) {
        Map<TopicPartition, Long> known = ends;
        if (reached || known == null || !owned.stream().allMatch(OwnedPartition::isAtEnd) || !isDue()) {
            return false;
        }
        Map<TopicPartition, OffsetAndMetadata> committed =
                consumers.get().committed(new HashSet<>(known.keySet()), ASK_DEADLINE);
        reached = known.entrySet().stream().allMatch(end -> {
            OffsetAndMetadata position = committed.get(end.getKey());
            CommitNote note = CommitNote.read(position);
            return position != null
                    && position.offset() >= end.getValue()
                    && note != null
                    && note.topic().equals(topicId);
        });
        return reached;
    }

    private boolean isDue() {
        long now = System.nanoTime();
        if (now - askAt < 0) {
            return false;
        }
        askAt = now + PACE.toNanos();
        return true;
    }
}
