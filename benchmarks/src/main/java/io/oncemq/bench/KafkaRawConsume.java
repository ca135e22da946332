package io.oncemq.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A loop around the raw consumer's poll. */
final class KafkaRawConsume {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private KafkaRawConsume() {}

    /** Reads a topic of that many messages; messages per second from the first poll with records to the last one handled. */
    static double run(String bootstrap, String topic, String group, int messages, IdStep step) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                KafkaSettings.rawConsumer(bootstrap, group), new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            long start = 0;
            int handled = 0;
            while (handled < messages) {
                ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofMillis(100));
                if (start == 0 && !records.isEmpty()) {
                    start = System.nanoTime();
                }
                handled += records.isEmpty() ? 0 : step.handle(records.count(), () -> ids(records));
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("only " + handled + " of " + messages + " came");
                }
            }
            return Rate.of(messages, System.nanoTime() - start);
        }
    }

    static List<String> ids(ConsumerRecords<String, byte[]> records) {
        List<String> ids = new ArrayList<>(records.count());
        for (ConsumerRecord<String, byte[]> message : records) {
            ids.add(new String(message.headers().lastHeader("ce_id").value(), UTF_8));
        }
        return ids;
    }
}
