package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.CodecException;
import io.oncemq.Codecs;
import io.oncemq.DeadLetterPolicy;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.MessagingEvent.DeadLetterTooLarge;
import io.oncemq.MessagingEvent.PreflightFindings;
import io.oncemq.OutboundMessage;
import io.oncemq.Subscription;
import io.oncemq.it.LargeMessages;
import java.util.List;
import java.util.Map;
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
    /** {@code max.message.bytes} of a topic, unless it is set. */
    private static final int LIMIT = 1_048_588;
    /** What a batch of one record has beside key, value and headers. */
    private static final int BATCH = 80;

    private static LargeMessages large(String topic) {
        return new LargeMessages(SharedKafka.kafka(), topic);
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
        String topic = SharedKafka.name("large-own");
        try (LargeMessages large = large(topic).ensure();
                RawKafka raw = SharedKafka.raw()) {
            int largest = large.publishLargest(
                    LIMIT, size -> OutboundMessage.of(new byte[size]).key(LargeMessages.KEY));
            assertThat(largest).isBetween(LIMIT - 20_000, LIMIT - 15_000);
            large.handle(DeadLetterPolicy.defaults());
            assertThat(raw.records(LargeMessages.letters(topic)))
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.value()).hasSize(largest));
            assertThat(large.tooLarge()).isEmpty();
        }
    }

    @Test
    @DisplayName("a foreign message at the topic's limit that cannot be decoded is dead-lettered")
    void aForeignMessageAtTheLimitIsDeadLettered() throws Exception {
        String topic = SharedKafka.name("large-foreign");
        try (LargeMessages large = large(topic).ensure();
                RawKafka raw = SharedKafka.raw()) {
            send(raw, topic, LIMIT - BATCH);
            assertThatThrownBy(() -> send(raw, topic, LIMIT)).hasMessageContaining("larger than the max message size");
            try (Subscription ignored = large.client()
                    .subscription(topic, new OnlyShort())
                    .group("g")
                    .handler(delivery -> large.handled(String.valueOf(delivery.body())))
                    .start()) {
                large.awaitNext();
            }
            List<ConsumerRecord<byte[], byte[]>> letters = raw.records(LargeMessages.letters(topic));
            assertThat(letters).hasSize(1);
            assertThat(letters.get(0).value()).hasSize(LIMIT - BATCH);
        }
    }

    @Test
    @DisplayName(
            "a letter that its topic does not take is told, and holds its key or leaves a stub, as the policy says")
    void aLetterThatItsTopicDoesNotTakeIsToldAndThePolicyDecides() throws Exception {
        String topic = SharedKafka.name("large-held");
        int size = LIMIT - BATCH;
        try (RawKafka raw = SharedKafka.raw()) {
            raw.create(topic, 1, Map.of());
            raw.create(LargeMessages.letters(topic), 1, Map.of());
            send(raw, topic, size);
            try (LargeMessages large = large(topic)) {
                DeadLetterTooLarge told = large.hold();
                assertThat(told.size()).isGreaterThanOrEqualTo(size);
                assertThat(told.position().offset()).isZero();
                assertThat(large.events())
                        .anySatisfy(event -> assertThat(event)
                                .isInstanceOfSatisfying(
                                        PreflightFindings.class,
                                        found -> assertThat(found.findings())
                                                .anyMatch(finding ->
                                                        finding.setting().equals("largest message"))));
            }
            try (LargeMessages stubs = large(topic)) {
                stubs.handle(DeadLetterPolicy.builder().tooLarge(TooLarge.STUB).build());
            }
            List<ConsumerRecord<byte[], byte[]>> letters = raw.records(LargeMessages.letters(topic));
            assertThat(letters).hasSize(1);
            assertThat(letters.get(0).value()).isNull();
            assertThat(text(letters.get(0), "oncemq-dead-letter-position")).contains("0");
            assertThat(Integer.parseInt(text(letters.get(0), "oncemq-dead-letter-size")))
                    .isGreaterThanOrEqualTo(size);
            assertThat(text(letters.get(0), "oncemq-dead-letter-destination")).isEqualTo(topic);
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

    private static String text(ConsumerRecord<byte[], byte[]> letter, String header) {
        return new String(letter.headers().lastHeader(header).value(), UTF_8);
    }
}
