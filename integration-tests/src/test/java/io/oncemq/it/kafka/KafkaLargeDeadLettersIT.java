package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oncemq.CodecException;
import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.DeadLetterTooLarge;
import io.oncemq.MessagingEvent.PreflightFindings;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** S7: what Kafka has accepted can be dead-lettered, and what cannot holds its key no longer than the policy says. */
@Timeout(600)
class KafkaLargeDeadLettersIT {
    private static final Duration PATIENT = Duration.ofMinutes(2);
    /** {@code max.message.bytes} of a topic, unless it is set. */
    private static final int LIMIT = 1_048_588;
    /** What a batch of one record has beside key, value and headers. */
    private static final int BATCH = 80;

    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    private MessagingClient client() {
        return Engine.client(InProcessIdempotency.create(), events::add);
    }

    private static String letters(String topic) {
        return DestinationSpec.deadLetterName(topic, "g");
    }

    private Subscription subscribe(MessagingClient client, String topic, DeadLetterPolicy policy) {
        return client.subscribe(topic, Codecs.bytes())
                .group("g")
                .retry(RetryPolicy.defaults().deadLetterOn(IllegalStateException.class))
                .deadLetter(policy)
                .handle(delivery -> {
                    byte[] body = delivery.body();
                    if (body == null || body.length > 100) {
                        throw new IllegalStateException("x".repeat(5_000));
                    }
                    handled.add(new String(body, UTF_8));
                });
    }

    private static void send(RawKafka raw, String topic, int size) throws Exception {
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of("max.request.size", 2 * LIMIT))) {
            byte[] key = "k".getBytes(UTF_8);
            producer.send(new ProducerRecord<>(topic, key, new byte[size])).get(60, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>(topic, key, "next".getBytes(UTF_8)))
                    .get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("the largest message that a publisher takes is dead-lettered; one byte more is rejected")
    void theLargestMessageThatAPublisherTakesIsDeadLettered() {
        try (MessagingClient client = client();
                RawKafka raw = SharedKafka.raw()) {
            String topic = SharedKafka.name("large-own");
            client.ensure(DestinationSpec.of(topic).partitions(1).group("g"));
            Publisher<byte[]> publisher = client.publisher(topic, Codecs.bytes());
            int largest = 0;
            int tooLarge = LIMIT;
            while (tooLarge - largest > 1) {
                int size = (largest + tooLarge) / 2;
                if (isTaken(publisher, size)) {
                    largest = size;
                } else {
                    tooLarge = size;
                }
            }
            assertThat(largest).isBetween(LIMIT - 20_000, LIMIT - 15_000);
            publisher
                    .publish(OutboundMessage.of("next".getBytes(UTF_8)).key("k"))
                    .join();
            int expected = largest;
            try (Subscription ignored = subscribe(client, topic, DeadLetterPolicy.defaults())) {
                await().atMost(PATIENT).until(() -> handled.contains("next"));
            }
            assertThat(raw.records(letters(topic))).anyMatch(letter -> letter.value().length == expected);
            assertThat(events).noneMatch(DeadLetterTooLarge.class::isInstance);
        }
    }

    private static boolean isTaken(Publisher<byte[]> publisher, int size) {
        try {
            publisher.publish(OutboundMessage.of(new byte[size]).key("k")).join();
            return true;
        } catch (CompletionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            PublishRejectedException.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.TOO_LARGE));
            return false;
        }
    }

    @Test
    @DisplayName("a foreign message at the topic's limit that cannot be decoded is dead-lettered")
    void aForeignMessageAtTheLimitIsDeadLettered() throws Exception {
        try (MessagingClient client = client();
                RawKafka raw = SharedKafka.raw()) {
            String topic = SharedKafka.name("large-foreign");
            client.ensure(DestinationSpec.of(topic).partitions(1).group("g"));
            send(raw, topic, LIMIT - BATCH);
            assertThatThrownBy(() -> send(raw, topic, LIMIT)).hasMessageContaining("larger than the max message size");
            try (Subscription ignored = client.subscribe(topic, new OnlyShort())
                    .group("g")
                    .handle(delivery -> handled.add(String.valueOf(delivery.body())))) {
                await().atMost(PATIENT).until(() -> handled.contains("next"));
            }
            List<ConsumerRecord<byte[], byte[]>> letters = raw.records(letters(topic));
            assertThat(letters).hasSize(1);
            assertThat(letters.get(0).value()).hasSize(LIMIT - BATCH);
        }
    }

    /** Cannot decode anything long. */
    private static final class OnlyShort implements io.oncemq.Codec<String> {
        @Override
        public byte[] encode(String body) {
            return Codecs.string().encode(body);
        }

        @Override
        public String decode(byte[] bytes, io.oncemq.Headers headers) {
            if (bytes.length > 100) {
                throw new CodecException("too long to decode", null);
            }
            return Codecs.string().decode(bytes, headers);
        }

        @Override
        public String contentType() {
            return Codecs.string().contentType();
        }
    }

    @Test
    @DisplayName(
            "a letter that its topic does not take is told, and holds its key or leaves a stub, as the policy says")
    void aLetterThatItsTopicDoesNotTakeIsToldAndThePolicyDecides() throws Exception {
        try (MessagingClient client = client();
                RawKafka raw = SharedKafka.raw()) {
            String topic = SharedKafka.name("large-held");
            raw.create(topic, 1, Map.of());
            raw.create(letters(topic), 1, Map.of());
            int size = LIMIT - BATCH;
            send(raw, topic, size);
            try (Subscription ignored = subscribe(client, topic, DeadLetterPolicy.defaults())) {
                await().atMost(PATIENT).until(() -> events.stream().anyMatch(DeadLetterTooLarge.class::isInstance));
                DeadLetterTooLarge told = events.stream()
                        .filter(DeadLetterTooLarge.class::isInstance)
                        .map(DeadLetterTooLarge.class::cast)
                        .findFirst()
                        .orElseThrow();
                assertThat(told.choice()).isEqualTo(TooLarge.HOLD);
                assertThat(told.to()).isEqualTo(letters(topic));
                assertThat(told.size()).isGreaterThanOrEqualTo(size);
                assertThat(told.position().offset()).isZero();
                assertThat(handled).isEmpty();
            }
            assertThat(events)
                    .anySatisfy(event -> assertThat(event)
                            .isInstanceOfSatisfying(
                                    PreflightFindings.class,
                                    found -> assertThat(found.findings())
                                            .anyMatch(
                                                    finding -> finding.setting().equals("largest message"))));
            DeadLetterPolicy stub = DeadLetterPolicy.defaults().tooLarge(TooLarge.STUB);
            try (Subscription ignored = subscribe(client, topic, stub)) {
                await().atMost(PATIENT).until(() -> handled.contains("next"));
            }
            List<ConsumerRecord<byte[], byte[]>> letters = raw.records(letters(topic));
            assertThat(letters).hasSize(1);
            assertThat(letters.get(0).value()).isNull();
            assertThat(text(letters.get(0), "oncemq-dead-letter-position")).contains("0");
            assertThat(Integer.parseInt(text(letters.get(0), "oncemq-dead-letter-size")))
                    .isGreaterThanOrEqualTo(size);
            assertThat(text(letters.get(0), "oncemq-dead-letter-destination")).isEqualTo(topic);
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> letter, String header) {
        return new String(letter.headers().lastHeader(header).value(), UTF_8);
    }
}
