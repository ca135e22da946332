package io.oncemq.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what is settled: asynchronously one request at a time while running, synchronously before partitions go. Belongs
 * to the poll thread. A failed commit is not repeated as such: the next one carries newer offsets.
 */
final class OffsetCommits {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetCommits.class);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private boolean underWay;
    private boolean failing;
    private long last = System.nanoTime() - INTERVAL.toNanos();

    OffsetCommits(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    void later(Collection<OwnedPartition> partitions) {
        if (underWay || System.nanoTime() - last < INTERVAL.toNanos()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        List<OwnedPartition> owners = due(partitions, due);
        if (!due.isEmpty()) {
            underWay = true;
            last = System.nanoTime();
            consumer.commitAsync(due, (offsets, error) -> ended(owners, offsets, error));
        }
    }

    private void ended(
            List<OwnedPartition> owners, Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception error) {
        underWay = false;
        if (error == null) {
            failing = false;
            committed(owners, offsets);
        } else if (!failing) {
            failing = true;
            LOG.warn("Offsets are not committed and will be again: {}", error.toString());
        }
    }

    /** Blocks until the broker has taken what is due. Throws the client's exceptions. */
    void now(Collection<OwnedPartition> partitions, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        List<OwnedPartition> owners = due(partitions, due);
        if (!due.isEmpty()) {
            consumer.commitSync(due, timeout);
            committed(owners, due);
        }
    }

    private List<OwnedPartition> due(
            Collection<OwnedPartition> partitions, Map<TopicPartition, OffsetAndMetadata> due) {
        List<OwnedPartition> owners = new ArrayList<>();
        for (OwnedPartition each : partitions) {
            OffsetAndMetadata offset = each.due();
            if (offset != null) {
                owners.add(each);
                due.put(each.partition, offset);
            }
        }
        return owners;
    }

    private static void committed(List<OwnedPartition> owners, Map<TopicPartition, OffsetAndMetadata> offsets) {
        for (OwnedPartition each : owners) {
            OffsetAndMetadata offset = offsets.get(each.partition);
            if (offset != null) {
                each.committed(offset.offset());
            }
        }
    }
}
