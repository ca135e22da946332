package io.oncemq.quickstart;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far the group is, asked of the broker itself. */
final class GroupProgress {
    /** Offsets summed over all partitions. */
    record Offsets(long stored, long committed) {
        boolean settled() {
            return committed >= stored;
        }
    }

    private final Admin admin;

    GroupProgress(Admin admin) {
        this.admin = admin;
    }

    /** @throws TimeoutException if the broker does not answer, as while it is restarted */
    Offsets ask() throws TimeoutException {
        Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, Places.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Places.DESTINATION, partition))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(Places.GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get(5, TimeUnit.SECONDS);
            long stored = admin.listOffsets(latest).all().get(5, TimeUnit.SECONDS).values().stream()
                    .mapToLong(info -> info.offset())
                    .sum();
            long done = latest.keySet().stream()
                    .map(committed::get)
                    .mapToLong(offset -> offset == null ? 0 : offset.offset())
                    .sum();
            return new Offsets(stored, done);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        } catch (ExecutionException e) {
            throw (TimeoutException) new TimeoutException("no answer").initCause(e);
        }
    }
}
