package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

/** Messages of a producer that knows nothing of OnceMQ. */
class KafkaForeignMessagesIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final byte[] KEY = {'k', (byte) 0xff, 0, (byte) 0xc3};
    private static final byte[] OTHER_KEY = {'k', (byte) 0xfe, 0, (byte) 0xc3};

    private final InProcessIdempotency store = InProcessIdempotency.create();

    /** Equal messages are two, for nothing says that they are one; the same place is one, however often it is read. */
    @Test
    void aPlaceIsHandledOnceAlsoWhenItIsReadAgainAfterACrash() {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
        try (RawKafka raw = SharedKafka.raw()) {
            String topic;
            try (MessagingClient client = Engine.client(store)) {
                topic = Engine.topic(client, "foreign", 2);
                send(raw, record(topic, 0, KEY, "a"), record(topic, 0, KEY, "a"), record(topic, 1, KEY, "a"));
                try (Subscription ignored = subscribe(client, topic, handled)) {
                    await().atMost(PATIENT).until(() -> handled.size() == 3);
                }
            }
            assertThat(handled).doesNotHaveDuplicates().allMatch(id -> id.startsWith(topic));
            // As if the process had died before it committed.
            raw.commit("g", topic, 0, new OffsetAndMetadata(0));
            raw.commit("g", topic, 1, new OffsetAndMetadata(0));
            send(raw, record(topic, 1, KEY, "b"));
            try (MessagingClient client = Engine.client(store, events::add);
                    Subscription ignored = subscribe(client, topic, handled)) {
                await().atMost(PATIENT).until(() -> handled.size() == 4 && suppressed(events) == 3);
            }
            assertThat(handled).doesNotHaveDuplicates();
        }
    }

    @Test
    void keysThatAreNoTextKeepTheirBytesAndTheirOwnLanes() throws Exception {
        CountDownLatch otherHandled = new CountDownLatch(1);
        Queue<String> inTime = new ConcurrentLinkedQueue<>();
        try (RawKafka raw = SharedKafka.raw();
                MessagingClient client = Engine.client(store)) {
            String topic = Engine.topic(client, "foreign", 1);
            String next = Engine.topic(client, "foreign", 8);
            Publisher<String> onward = client.publisher(next, Codecs.string());
            send(raw, record(topic, 0, KEY, "waits"), record(topic, 0, OTHER_KEY, "goes on"));
            try (Subscription ignored = client.subscription(topic, Codecs.string())
                    .group("g")
                    .retry(RetryPolicy.builder()
                            .deadLetterOn(IllegalStateException.class)
                            .build())
                    .handler(delivery -> {
                        if (delivery.body().equals("goes on")) {
                            delivery.publishOnSuccess(
                                    onward, OutboundMessage.of("derived").key(delivery.key()));
                            otherHandled.countDown();
                            return;
                        }
                        inTime.add(otherHandled.await(60, TimeUnit.SECONDS) + "");
                        throw new IllegalStateException("to the dead letter");
                    })
                    .start()) {
                await().atMost(PATIENT)
                        .until(() -> raw.records(topic + ".g.dlq").size() == 1);
                await().atMost(PATIENT).until(() -> raw.records(next).size() == 1);
            }
            assertThat(inTime).containsExactly("true");
            assertThat(raw.records(topic + ".g.dlq").get(0).key()).isEqualTo(KEY);
            ConsumerRecord<byte[], byte[]> derived = raw.records(next).get(0);
            assertThat(derived.key()).isEqualTo(OTHER_KEY);
            assertThat(derived.partition()).isEqualTo(Utils.toPositive(Utils.murmur2(OTHER_KEY)) % 8);
        }
    }

    @Test
    void absentKeysAndValuesAndEveryKindOfHeaderReachTheHandlerAndTheDeadLetter() {
        byte[] binary = HexFormat.of().parseHex("00ff80c328");
        List<Header> sent = List.of(
                new RecordHeader("twice", "first".getBytes(UTF_8)),
                new RecordHeader("binary", binary),
                new RecordHeader("none", null),
                new RecordHeader("empty", new byte[0]),
                new RecordHeader("twice", "second".getBytes(UTF_8)));
        Queue<Headers> seen = new ConcurrentLinkedQueue<>();
        Queue<String> shapes = new ConcurrentLinkedQueue<>();
        try (RawKafka raw = SharedKafka.raw();
                MessagingClient client = Engine.client(store)) {
            String topic = Engine.topic(client, "foreign", 1);
            send(
                    raw,
                    new ProducerRecord<byte[], byte[]>(topic, 0, null, null, null, sent),
                    record(topic, 0, new byte[0], "x"));
            try (Subscription ignored = client.subscription(topic, Codecs.bytes())
                    .group("g")
                    .retry(RetryPolicy.builder()
                            .deadLetterOn(IllegalStateException.class)
                            .build())
                    .handler(delivery -> {
                        seen.add(delivery.headers());
                        shapes.add("key " + delivery.key() + ", body " + (delivery.body() == null ? "none" : "some"));
                        throw new IllegalStateException("to the dead letter");
                    })
                    .start()) {
                await().atMost(PATIENT)
                        .until(() -> raw.records(topic + ".g.dlq").size() == 2);
            }
            assertThat(shapes).containsExactlyInAnyOrder("key null, body none", "key , body some");
            Headers headers =
                    seen.stream().filter(each -> each.size() == 5).findFirst().orElseThrow();
            assertThat(headers.names()).containsExactly("twice", "binary", "none", "empty", "twice");
            assertThat(headers.bytes("binary")).isEqualTo(binary);
            assertThat(headers.bytes("none")).isEmpty();
            assertThat(headers.text("twice")).isEqualTo("second");
            ConsumerRecord<byte[], byte[]> letter = raw.records(topic + ".g.dlq").stream()
                    .filter(each -> each.key() == null)
                    .findFirst()
                    .orElseThrow();
            assertThat(letter.value()).isNull();
            assertThat(List.of(letter.headers().toArray())).containsSubsequence(sent);
        }
    }

    private static Subscription subscribe(MessagingClient client, String topic, Queue<String> handled) {
        return client.subscription(topic, Codecs.string())
                .group("g")
                .handler(delivery -> {
                    handled.add(delivery.id());
                })
                .start();
    }

    private static long suppressed(Queue<MessagingEvent> events) {
        return events.stream().filter(DuplicateSuppressed.class::isInstance).count();
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int partition, byte[] key, String body) {
        return new ProducerRecord<>(topic, partition, key, body.getBytes(UTF_8));
    }

    @SafeVarargs
    private static void send(RawKafka raw, ProducerRecord<byte[], byte[]>... records) {
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of())) {
            for (ProducerRecord<byte[], byte[]> each : records) {
                producer.send(each);
            }
        }
    }
}
