package io.oncemq.bench;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A loop around the raw consumer's poll. */
final class RawConsume {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Servers servers;

    RawConsume(Servers servers) {
        this.servers = servers;
    }

    /** What the loop does with the records of one poll. */
    interface Step {
        /** Handles them all; how many of them were new. */
        int handle(ConsumerRecords<String, byte[]> records);
    }

    /** Reads a topic of that many messages; messages per second from the first poll with records to the last one handled. */
    double run(String topic, String group, int messages, Step step) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                KafkaSettings.rawConsumer(servers.bootstrap(), group),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            long start = 0;
            int handled = 0;
            while (handled < messages) {
                ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofMillis(100));
                if (start == 0 && !records.isEmpty()) {
                    start = System.nanoTime();
                }
                handled += step.handle(records);
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("only " + handled + " of " + messages + " came");
                }
            }
            return Rate.of(messages, System.nanoTime() - start);
        }
    }
}
