package io.oncemq.it.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a raw consumer finds in a topic, from its start to its end. */
record StoredLog(List<Stored> records) {
    /** One record. Within a key the records stand in the order of their offsets. */
    record Stored(String key, String id) {}

    static StoredLog of(String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", ProxiedKafka.bootstrap());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<Stored> records = new ArrayList<>();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(100))) {
                    records.add(new Stored(
                            text(each.key()),
                            text(each.headers().lastHeader("ce_id").value())));
                }
            }
            return new StoredLog(records);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    Set<String> ids() {
        Set<String> ids = new HashSet<>();
        records.forEach(each -> ids.add(each.id));
        return ids;
    }

    /** Of each key, the ids in the order of their first records. */
    Map<String, List<String>> firstsOfKeys() {
        Map<String, List<String>> firsts = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (Stored each : records) {
            if (seen.add(each.id)) {
                firsts.computeIfAbsent(each.key, key -> new ArrayList<>()).add(each.id);
            }
        }
        return firsts;
    }

    /** Shows that exactly these ids are stored, of each key first in the order in which they were published. */
    void assertHoldsInOrder(Map<String, List<String>> published) {
        assertThat(firstsOfKeys()).isEqualTo(published);
    }
}
