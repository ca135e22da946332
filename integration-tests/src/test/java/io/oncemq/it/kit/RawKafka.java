package io.oncemq.it.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Headers;
import io.oncemq.testkit.kit.transport.RawMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka by its own clients only. */
final class RawKafka {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Supplier<String> bootstrap;

    RawKafka(Supplier<String> bootstrap) {
        this.bootstrap = bootstrap;
    }

    void publish(String topic, RawMessage message) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap.get(), "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            String key = message.key();
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topic, key == null ? null : key.getBytes(UTF_8), message.body());
            message.headers().forEach((name, value) -> record.headers().add(name, value));
            producer.send(record).get();
        } catch (Exception e) {
            throw new IllegalStateException("a raw publish failed", e);
        }
    }

    /** Everything that lies in the topic, partition by partition, in the order of offsets. */
    List<RawMessage> read(String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap.get(), "auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                consumer.poll(POLL).forEach(records::add);
            }
            return records.stream()
                    .sorted(Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(ConsumerRecord::partition)
                            .thenComparingLong(ConsumerRecord::offset))
                    .map(RawKafka::message)
                    .toList();
        }
    }

    private static RawMessage message(ConsumerRecord<byte[], byte[]> record) {
        Headers.Builder headers = Headers.builder();
        record.headers().forEach(header -> headers.add(header.key(), header.value()));
        byte[] key = record.key();
        return new RawMessage(key == null ? null : new String(key, UTF_8), headers.build(), record.value());
    }
}
