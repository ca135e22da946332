package io.oncemq.it.field;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.MessagingEvent.DuplicateSuppressed;
import io.oncemq.MessagingEvent.StoreUnavailable;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.it.kafka.RawKafka;
import io.oncemq.it.kafka.SharedKafka;
import io.oncemq.kafka.Kafka;
import io.oncemq.spi.Providers;
import io.oncemq.testkit.server.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Bugs that other libraries had on Kafka with handlers that complete out of order. Where not told otherwise there is no store,
 * so that nothing but the position stands between a message and its loss.
 */
class KafkaFieldBugsIT {
    private final RawKafka raw = SharedKafka.raw();
    private final String topic = SharedKafka.name("field");
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        raw.close();
    }

    /**
     * spring-kafka #4504: the seek of the second failure replaced that of the first, which was then never tried again, and the
     * position went over it.
     */
    @Test
    void messagesThatFailTogetherAreEachTriedAgain() {
        Held held = Held.where(attempt -> attempt.endsWith("#1"));
        try (MessagingClient client = client(SharedKafka.kafka())) {
            Subscription subscription =
                    failing(client, 10).maxInFlight(10).asyncHandler(held).start();
            publish(client, 0, 10);
            await().until(() -> held.started.size() == 10);
            IntStream.iterate(9, i -> i >= 0, i -> i - 1).forEach(i -> held.fail(i + "#1"));
            await().until(() -> held.done.size() == 10 && committed() == 10);
            assertThat(held.started).hasSize(20);
            publish(client, 10, 12);
            await().until(() -> held.started.size() == 22);
            held.complete("10#1");
            held.complete("11#1");
            await().until(() -> committed() == 12 && subscription.inFlight() == 0);
        }
    }

    /** spring-kafka #4504: the later of two failures was given up, and took the position with it. */
    @Test
    void whatIsGivenUpTakesThePositionNotOverAnEarlierFailure() {
        Held held = Held.where(attempt -> true);
        try (MessagingClient client = client(SharedKafka.kafka())) {
            failing(client, 2).retry(attempts(3)).asyncHandler(held).start();
            publish(client, 0, 2);
            for (int attempt = 1; attempt < 3; attempt++) {
                int number = attempt;
                await().until(() -> held.attempts("0") == number && held.attempts("1") == number);
                held.fail("1#" + number);
                held.fail("0#" + number);
            }
            await().until(() -> held.attempts("0") == 3 && held.attempts("1") == 3);
            held.fail("1#3");
            await().until(() -> events.stream().anyMatch(DeadLettered.class::isInstance));
            await().during(Duration.ofSeconds(3)).until(() -> committed() <= 0);
            held.complete("0#3");
            await().until(() -> committed() == 2);
            assertThat(held.started).hasSize(6);
        }
    }

    /**
     * spring-kafka #4258 (and #4332, after the first fix): the markers of transactions leave gaps between the offsets; when
     * handlers ended out of order, the consumer waited for ever for an offset without a message.
     */
    @Test
    void gapsBetweenOffsetsHoldUpNothingThatEndsOutOfOrder() {
        Held held = Held.where(attempt -> attempt.charAt(0) < '4');
        Kafka committedOnly = SharedKafka.kafka().consumerProperty("isolation.level", "read_committed");
        try (MessagingClient client = client(committedOnly)) {
            failing(client, 4).maxInFlight(4).asyncHandler(held).start();
            transactions(0, 4);
            await().until(() -> held.started.size() == 4);
            List.of("0#1", "1#1", "3#1").forEach(held::complete);
            await().until(() -> committed() == 3);
            await().during(Duration.ofSeconds(3)).until(() -> committed() == 3);
            held.complete("2#1");
            await().until(() -> committed() == 8);
            transactions(4, 8);
            await().until(() -> committed() == 16);
            assertThat(held.done).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7");
        }
    }

    /**
     * wolverine #2639: an id that is known already, among new ones of a batch, was taken for an outage of the store; the
     * listener paused and the partition stood still.
     */
    @Test
    void duplicatesAmongTheNewOnesOfABatchStopNothing() {
        Held held = Held.where(attempt -> false);
        try (RedisServer redis = RedisServer.started();
                MessagingClient client = build(
                        SharedKafka.kafka(), MessagingClient.builder().idempotency(Providers.store(redis.uri())))) {
            failing(client, 4).asyncHandler(held).start();
            batch("0a");
            await().until(() -> committed() == 1);
            batch("0a", "1a", "1a", "2b", "1a", "3a", "0a", "2b", "4c");
            await().until(() -> committed() == 10);
            batch("4c", "5a");
            await().until(() -> committed() == 12);
        }
        assertThat(held.done).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5");
        assertThat(events.stream().filter(DuplicateSuppressed.class::isInstance))
                .hasSize(6);
        assertThat(events).noneMatch(StoreUnavailable.class::isInstance);
    }

    private SubscriptionBuilder<String> failing(MessagingClient client, int concurrency) {
        client.ensure(DestinationSpec.builder(topic).partitions(1).group("g").build());
        return client.subscription(topic, Codecs.string())
                .group("g")
                .concurrency(concurrency)
                .retry(attempts(10));
    }

    private static RetryPolicy attempts(int most) {
        return RetryPolicy.builder()
                .fixed(Duration.ofMillis(10))
                .maxAttempts(most)
                .build();
    }

    private MessagingClient client(Kafka kafka) {
        return build(kafka, MessagingClient.builder().withoutIdempotency());
    }

    private MessagingClient build(Kafka kafka, MessagingClientBuilder builder) {
        return builder.transport(kafka)
                .profile(Profile.DEV)
                .eventListener(events::add)
                .build();
    }

    /** Numbers, each under a key of its own. */
    private void publish(MessagingClient client, int from, int to) {
        for (int i = from; i < to; i++) {
            client.publisher(topic, Codecs.string())
                    .publish(OutboundMessage.of(String.valueOf(i)).id("id-" + i).key("key-" + i))
                    .join();
        }
    }

    /** Numbers, each under a key of its own and in a transaction of its own. */
    private void transactions(int from, int to) {
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of("transactional.id", topic))) {
            producer.initTransactions();
            for (int i = from; i < to; i++) {
                byte[] text = String.valueOf(i).getBytes(UTF_8);
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, 0, text, text));
                producer.commitTransaction();
            }
        }
    }

    /** Writes all at once; each is an id, which is its body, too, and a key. */
    private void batch(String... messages) {
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of("linger.ms", 60_000))) {
            for (String each : messages) {
                byte[] id = each.substring(0, 1).getBytes(UTF_8);
                byte[] key = each.substring(1).getBytes(UTF_8);
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, key, id);
                record.headers().add("ce_id", id);
                producer.send(record);
            }
        }
    }

    private long committed() {
        return raw.committedOffset("g", topic, 0);
    }
}
