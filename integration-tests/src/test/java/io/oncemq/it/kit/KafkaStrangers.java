package io.oncemq.it.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.testkit.kit.transport.Stranger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What a producer of Kafka's own client can write: any bytes, or none, for key and header values. */
final class KafkaStrangers {
    private static final byte[] NOT_TEXT = HexFormat.of().parseHex("00ff80c328");

    private final String topic;
    private final List<Stranger> sent = new ArrayList<>();
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

    private KafkaStrangers(String topic) {
        this.topic = topic;
    }

    static List<Stranger> publish(String bootstrap, String topic) {
        KafkaStrangers strangers = new KafkaStrangers(topic);
        strangers.keys();
        strangers.headers();
        strangers.names();
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> each : strangers.records) {
                producer.send(each).get();
            }
        } catch (Exception e) {
            throw new IllegalStateException("a stranger could not be published", e);
        }
        return strangers.sent;
    }

    private void keys() {
        add("no key", null, headers -> {});
        add("empty key", new byte[0], headers -> {});
        add("binary key", NOT_TEXT, headers -> {});
        sent.add(Stranger.handled("of 1970"));
        records.add(new ProducerRecord<>(topic, 0, 0L, null, "of 1970".getBytes(UTF_8)));
    }

    private void headers() {
        add("null value", headers -> headers.add("odd", null));
        add("empty value", headers -> headers.add("odd", new byte[0]));
        add("binary value", headers -> headers.add("odd", NOT_TEXT));
        add(
                "several values",
                headers -> headers.add("odd", new byte[] {'1'}).add("odd", null).add("odd", NOT_TEXT));
        add("large value", headers -> headers.add("odd", new byte[200_000]));
        add("many headers", headers -> {
            for (int i = 0; i < 2_000; i++) {
                headers.add("odd-" + i, new byte[] {(byte) i});
            }
        });
        sent.add(Stranger.handled("text value", Map.of("Odd.na-me_1", "Zürich", "with blank", "=;,")));
        record(
                "text value",
                null,
                headers ->
                        headers.add("Odd.na-me_1", "Zürich".getBytes(UTF_8)).add("with blank", "=;,".getBytes(UTF_8)));
    }

    /** Names that mean something to OnceMQ, with values that mean nothing. */
    private void names() {
        add("empty name", headers -> headers.add("", new byte[] {1}));
        List<String> known = List.of(
                "ce_source",
                "ce_type",
                "ce_time",
                "ce_specversion",
                "content-type",
                "traceparent",
                "oncemq-scope",
                "oncemq-generation",
                "oncemq-dead-letter-id",
                "oncemq-dead-letter-destination");
        for (String each : known) {
            for (byte[] value : new byte[][] {null, {}, NOT_TEXT}) {
                add(each + " of " + (value == null ? "null" : value.length), headers -> headers.add(each, value));
            }
        }
    }

    private void add(String name, Consumer<Headers> headers) {
        add(name, "key".getBytes(UTF_8), headers);
    }

    private void add(String name, byte @Nullable [] key, Consumer<Headers> headers) {
        sent.add(Stranger.handled(name));
        record(name, key, headers);
    }

    private void record(String name, byte @Nullable [] key, Consumer<Headers> headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, name.getBytes(UTF_8));
        record.headers().add(Stranger.NAME, name.getBytes(UTF_8));
        headers.accept(record.headers());
        records.add(record);
    }
}
