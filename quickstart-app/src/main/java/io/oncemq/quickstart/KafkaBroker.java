package io.oncemq.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.DestinationSpec;
import io.oncemq.testkit.server.KafkaServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One Kafka node. */
final class KafkaBroker implements Broker {
    private static final String ID_HEADER = "ce_id";

    private final KafkaServer server;

    KafkaBroker() {
        server = KafkaServer.builder().asProcess().build();
    }

    @Override
    public String address() {
        return server.bootstrap();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public Tap tap(Stop stop) {
        return new KafkaTap(server.bootstrap());
    }

    @Override
    public Backlog backlog() {
        return new KafkaBacklog(server.bootstrap());
    }

    @Override
    public Set<String> deadLetters() {
        var settings = Map.<String, Object>of("bootstrap.servers", server.bootstrap(), "enable.auto.commit", false);
        TopicPartition partition =
                new TopicPartition(DestinationSpec.deadLetterName(Places.DESTINATION, Places.GROUP), 0);
        Set<String> ids = new HashSet<>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(letter -> ids.add(id(letter)));
            }
        }
        return ids;
    }

    private static String id(ConsumerRecord<byte[], byte[]> letter) {
        Header id = letter.headers().lastHeader(ID_HEADER);
        return id == null ? "offset " + letter.offset() : new String(id.value(), UTF_8);
    }

    @Override
    public void close() {
        server.close();
    }
}
