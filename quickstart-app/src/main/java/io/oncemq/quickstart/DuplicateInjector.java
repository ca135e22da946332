package io.oncemq.quickstart;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Reads along with a raw client and writes every twentieth record again, byte for byte: half of them at once, so that they
 * meet the original while it is handled, half of them later. Runs on a thread of its own.
 */
final class DuplicateInjector implements Runnable {
    private static final String MARK = "written-again";
    private static final int ONE_OF = 20;
    private static final Duration LATER = Duration.ofSeconds(2);

    private record Held(long due, ProducerRecord<byte[], byte[]> copy) {}

    private final String bootstrap;
    private final Stop stop;
    private final AtomicInteger injected = new AtomicInteger();
    private final Deque<Held> held = new ArrayDeque<>();
    private volatile boolean finish;
    private int originals;

    DuplicateInjector(String bootstrap, Stop stop) {
        this.bootstrap = bootstrap;
        this.stop = stop;
    }

    int injected() {
        return injected.get();
    }

    /** Nothing new is published any more: reads to the end, writes what is held, and returns. */
    void finish() {
        finish = true;
    }

    @Override
    public void run() {
        Map<String, Object> reading = Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false);
        Map<String, Object> writing = Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 0);
        try (var reader = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var writer = new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<TopicPartition> partitions = IntStream.range(0, Places.PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Places.DESTINATION, partition))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            boolean last = false;
            while (!last && !stop.isRequested()) {
                // Read before the poll: what was published before is then seen by it, or by a later one.
                boolean finishing = finish;
                var records = reader.poll(Duration.ofMillis(50));
                records.forEach(record -> consider(record, writer));
                last = finishing && records.isEmpty() && atEnd(reader, partitions);
                sendHeld(writer, last);
            }
            writer.flush();
        }
    }

    private static boolean atEnd(KafkaConsumer<byte[], byte[]> reader, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
        return partitions.stream()
                .allMatch(partition -> reader.position(partition) >= ends.getOrDefault(partition, 0L));
    }

    private void consider(ConsumerRecord<byte[], byte[]> record, KafkaProducer<byte[], byte[]> writer) {
        if (record.headers().lastHeader(MARK) != null) {
            return;
        }
        int number = originals++;
        if (number % ONE_OF != 0) {
            return;
        }
        var copy = new ProducerRecord<>(
                record.topic(), record.partition(), null, record.key(), record.value(), record.headers());
        copy.headers().add(MARK, new byte[0]);
        if (number % (2 * ONE_OF) == 0) {
            send(writer, copy);
        } else {
            held.add(new Held(System.nanoTime() + LATER.toNanos(), copy));
        }
    }

    private void sendHeld(KafkaProducer<byte[], byte[]> writer, boolean all) {
        Held next = held.peek();
        while (next != null && (all || next.due() - System.nanoTime() <= 0)) {
            send(writer, next.copy());
            held.remove();
            next = held.peek();
        }
    }

    private void send(KafkaProducer<byte[], byte[]> writer, ProducerRecord<byte[], byte[]> copy) {
        var unused = writer.send(copy, (metadata, failure) -> {
            if (failure == null) {
                injected.incrementAndGet();
            }
        });
    }
}
