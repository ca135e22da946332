package io.oncemq.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What the cluster answered about partitions that have no position.
 *
 * @param topic the topic's id
 * @param other whether the topic is not the one that was read or committed before
 * @param note what commits of this topic shall note
 * @param committed the group's offsets that count for this topic
 * @param moved offsets that count for this topic of the subscription's other consumer group, of partitions where its own has none
 * @param positions the offsets to begin at, of partitions without a committed offset that counts, as far as their leaders answered
 */
record StartAnswer(
        String topic,
        boolean other,
        CommitNote note,
        Map<TopicPartition, OffsetAndMetadata> committed,
        Map<TopicPartition, OffsetAndMetadata> moved,
        Map<TopicPartition, Long> positions) {

    /** Whether the answer says where a partition is to be read from. */
    boolean has(OwnedPartition partition) {
        return positions.containsKey(partition.partition)
                || partition.loss() == null
                        && (committed.containsKey(partition.partition) || moved.containsKey(partition.partition));
    }
}
