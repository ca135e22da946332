package io.oncemq.quickstart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A raw consumer of all partitions, and a raw producer. */
final class KafkaTap implements Tap {
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> reader;
    private final KafkaProducer<byte[], byte[]> writer;
    private final List<TopicPartition> partitions = IntStream.range(0, Places.PARTITIONS)
            .mapToObj(partition -> new TopicPartition(Places.DESTINATION, partition))
            .toList();

    KafkaTap(String bootstrap) {
        reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        writer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
    }

    @Override
    public List<Original> read() {
        List<Original> originals = new ArrayList<>();
        reader.poll(POLL).forEach(record -> {
            if (record.headers().lastHeader(MARK) == null) {
                originals.add(stored -> writeAgain(record, stored));
            }
        });
        return originals;
    }

    private void writeAgain(ConsumerRecord<byte[], byte[]> record, Runnable stored) {
        var copy = new ProducerRecord<>(
                record.topic(), record.partition(), null, record.key(), record.value(), record.headers());
        copy.headers().add(MARK, new byte[0]);
        var unused = writer.send(copy, (metadata, failure) -> {
            if (failure == null) {
                stored.run();
            }
        });
    }

    @Override
    public boolean isAtEnd() {
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
        return partitions.stream()
                .allMatch(partition -> reader.position(partition) >= ends.getOrDefault(partition, 0L));
    }

    @Override
    public void flush() {
        writer.flush();
    }

    @Override
    public void close() {
        try (reader) {
            writer.close();
        }
    }
}
