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

/** The offsets that the partitions have reached, without those that the group has committed. */
final class KafkaBacklog implements Backlog {
    private final Admin admin;

    KafkaBacklog(String bootstrap) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    @Override
    public long open() throws TimeoutException {
        Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, Places.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Places.DESTINATION, partition))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                            Places.GROUP + "@@" + Places.DESTINATION)
                    .partitionsToOffsetAndMetadata()
                    .get(5, TimeUnit.SECONDS);
            long stored = admin.listOffsets(latest).all().get(5, TimeUnit.SECONDS).values().stream()
                    .mapToLong(info -> info.offset())
                    .sum();
            long done = latest.keySet().stream()
                    .map(committed::get)
                    .mapToLong(offset -> offset == null ? 0 : offset.offset())
                    .sum();
            return stored - done;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException();
        } catch (ExecutionException e) {
            throw (TimeoutException) new TimeoutException("no answer").initCause(e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
