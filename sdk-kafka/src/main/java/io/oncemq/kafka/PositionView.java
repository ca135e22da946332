package io.oncemq.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a source asks the cluster about positions. Thread-safe; nothing blocks. Answers come on a thread of the client that must not be blocked, and
 * fail with the client's exceptions.
 */
interface PositionView {
    CompletionStage<TopicDescription> topicLater(String topic, Duration timeout);

    /**
     * The offsets that a group has committed, with null where it has none; not of partitions whose commits are not known, such as those of a
     * transaction under way.
     */
    CompletionStage<Map<TopicPartition, @Nullable OffsetAndMetadata>> committedLater(
            String group, Collection<TopicPartition> partitions, Duration timeout);

    /**
     * How many members of a consumer group have partitions of the topic, or of a group that is not stable, how many there are; 0 for a group that
     * the cluster does not know.
     */
    CompletionStage<Long> membersLater(String group, String topic, Duration timeout);

    /**
     * Offsets of those partitions whose leader answers, as a consumer sees them: the latest is that of the first open transaction, if
     * there is one. −1 where a time stamp lies behind the newest message.
     */
    CompletionStage<Map<TopicPartition, Long>> offsetsLater(Map<TopicPartition, OffsetSpec> question, Duration timeout);
}
