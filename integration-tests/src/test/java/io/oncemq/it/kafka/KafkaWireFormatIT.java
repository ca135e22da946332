package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.jackson.Json;
import io.oncemq.spi.BrokerTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** Reads and writes with the raw client, going by docs/wire-format.md and nothing else. */
class KafkaWireFormatIT {
    record Order(String customer, int cents) {}

    private static final Duration PATIENT = Duration.ofSeconds(60);

    private final InProcessIdempotency store = InProcessIdempotency.create();

    @Test
    void aRawConsumerReadsWhatThePageSays() {
        Instant time = Instant.parse("2026-01-02T03:04:05.678Z");
        try (RawKafka raw = SharedKafka.raw();
                MessagingClient client = Engine.client(store)) {
            String topic = Engine.topic(client, "wire", 8);
            Publisher<Order> publisher = client.publisher(topic, Json.of(Order.class));
            publisher
                    .publish(OutboundMessage.of(new Order("Zoë", 42))
                            .id("e-1")
                            .key("Zoë")
                            .source("/shop")
                            .type("order.paid")
                            .time(time)
                            .header("trace", "abc"))
                    .join();
            publisher
                    .publish(OutboundMessage.of(new Order("none", 1)).id("e-2"))
                    .join();
            publisher.publish(OutboundMessage.<Order>tombstone("Zoë").id("e-3")).join();

            Map<String, ConsumerRecord<byte[], byte[]>> byId = new TreeMap<>();
            raw.records(topic).forEach(each -> byId.put(header(each, "ce_id"), each));
            ConsumerRecord<byte[], byte[]> full = byId.get("e-1");
            assertThat(new String(full.value(), UTF_8)).isEqualTo("{\"customer\":\"Zoë\",\"cents\":42}");
            assertThat(new String(full.key(), UTF_8)).isEqualTo("Zoë");
            assertThat(full.partition()).isEqualTo(BuiltInPartitioner.partitionForKey(full.key(), 8));
            assertThat(headers(full))
                    .isEqualTo(Map.of(
                            "ce_id", "e-1",
                            "ce_source", "/shop",
                            "ce_type", "order.paid",
                            "ce_time", "2026-01-02T03:04:05.678Z",
                            "ce_specversion", "1.0",
                            "content-type", "application/json",
                            "trace", "abc"));
            assertThat(headers(byId.get("e-2"))).isEqualTo(Map.of("ce_id", "e-2", "content-type", "application/json"));
            assertThat(byId.get("e-2").key()).isNull();
            assertThat(headers(byId.get("e-3"))).isEqualTo(Map.of("ce_id", "e-3"));
            assertThat(byId.get("e-3").value()).isNull();
            assertThat(page())
                    .contains(headers(full).keySet().stream()
                            .filter(name -> !name.equals("trace"))
                            .map(name -> "`" + name + "`")
                            .toList());
        }
    }

    /** The recipe of the page: a dead letter is sent back with nothing but the raw client, and handled once more. */
    @Test
    void aDeadLetterIsReadAndSentBackAsThePageSays() {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        try (RawKafka raw = SharedKafka.raw();
                MessagingClient client = Engine.client(store)) {
            String topic = Engine.topic(client, "wire", 1);
            client.publisher(topic, Codecs.string())
                    .publish(OutboundMessage.of("body").id("e-1").key("k").header("own", "kept"))
                    .join();
            try (Subscription ignored = client.subscription(topic, Codecs.string())
                    .group("g")
                    .retry(RetryPolicy.builder()
                            .deadLetterOn(IllegalStateException.class)
                            .build())
                    .handler(delivery -> {
                        handled.add(delivery.id() + " " + delivery.headers().text("oncemq-generation"));
                        if (handled.size() == 1) {
                            throw new IllegalStateException("broken");
                        }
                    })
                    .start()) {
                await().atMost(PATIENT)
                        .until(() -> raw.records(topic + ".g.dlq").size() == 1);
                ConsumerRecord<byte[], byte[]> letter =
                        raw.records(topic + ".g.dlq").get(0);
                assertLetter(letter, topic);
                sendBack(raw, letter);
                await().atMost(PATIENT).until(() -> handled.size() == 2);
                // Once more the same: known by its generation.
                sendBack(raw, letter);
                await().atMost(PATIENT).until(() -> raw.committedOffset("g", topic, 0) == 3);
            }
            assertThat(handled).containsExactly("e-1 null", "e-1 1");
        }
    }

    private static String clusterId() {
        try (BrokerTransport transport = SharedKafka.open(SharedKafka.kafka())) {
            return transport.cluster();
        }
    }

    private void assertLetter(ConsumerRecord<byte[], byte[]> letter, String topic) {
        Map<String, String> headers = headers(letter);
        assertThat(new String(letter.value(), UTF_8)).isEqualTo("body");
        assertThat(new String(letter.key(), UTF_8)).isEqualTo("k");
        assertThat(headers)
                .containsEntry("oncemq-dead-letter-id", "e-1")
                .containsEntry("oncemq-scope", topic + "#oncemq-cluster=kafka:" + clusterId())
                .containsEntry("oncemq-dead-letter-destination", topic)
                .containsEntry("oncemq-dead-letter-group", "g")
                .containsEntry("oncemq-dead-letter-reason", "not-retryable")
                .containsEntry("oncemq-dead-letter-cause", "java.lang.IllegalStateException")
                .containsEntry("oncemq-dead-letter-message", "broken")
                .containsEntry("oncemq-dead-letter-attempts", "1")
                .containsEntry("own", "kept")
                .containsKeys("oncemq-dead-letter-position", "oncemq-dead-letter-time");
        assertThat(headers.get("ce_id")).hasSize(32).isNotEqualTo("e-1");
        String page = page();
        assertThat(headers.keySet())
                .filteredOn(name -> !name.equals("own"))
                .allMatch(name -> page.contains("`" + name + "`")
                        || page.contains("`" + name.substring("oncemq-dead-letter".length()) + "`"));
    }

    private static void sendBack(RawKafka raw, ConsumerRecord<byte[], byte[]> letter) {
        List<Header> headers = Stream.concat(
                        Stream.of(letter.headers().toArray())
                                .filter(each -> !each.key().equals("ce_id"))
                                .filter(each -> !each.key().startsWith("oncemq-dead-letter-")),
                        Stream.of(
                                text("ce_id", header(letter, "oncemq-dead-letter-id")), text("oncemq-generation", "1")))
                .toList();
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of())) {
            producer.send(new ProducerRecord<>(
                    header(letter, "oncemq-dead-letter-destination"), null, letter.key(), letter.value(), headers));
        }
    }

    private static Header text(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> all = new TreeMap<>();
        record.headers().forEach(each -> all.put(each.key(), new String(each.value(), UTF_8)));
        return all;
    }

    /** The page, with combined cells such as {@code `a`, `b`} left as they are. */
    private static String page() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("sdk-bom"))) {
            folder = folder.getParent();
        }
        try {
            return Files.readString(folder.resolve("docs/wire-format.md"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
