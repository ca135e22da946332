package io.oncemq.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.SubscriptionBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a subscription has in flight while the handlers of all its partitions stand still. */
class KafkaBoundIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A member that is not paused fetches many times in this time. */
    private static final Duration REST = Duration.ofSeconds(3);

    private static final int PARTITIONS = 12;

    private final CountDownLatch release = new CountDownLatch(1);
    private final RawKafka raw = SharedKafka.raw();
    private final MessagingClient client = MessagingClient.builder()
            .profile(Profile.DEV)
            .transport(SharedKafka.kafka())
            .withoutIdempotency()
            .build();
    private final String topic = SharedKafka.name("bound");

    KafkaBoundIT() {
        client.ensure(
                DestinationSpec.builder(topic).partitions(PARTITIONS).group("g").build());
    }

    @AfterEach
    void close() {
        release.countDown();
        client.close(Duration.ofSeconds(10));
        raw.close();
    }

    @Test
    void allPartitionsTogetherExceedTheBoundByAQuarterAtMost() {
        publish(2_500, new byte[100]);
        staysBetween(stuck(builder().maxInFlight(10_000)), 10_000, 12_500);
    }

    @Test
    void allPartitionsTogetherExceedTheBoundInBytesByAQuarterAtMost() {
        publish(100, new byte[20 << 10]);
        int fit = (8 << 20) / (20 << 10);
        staysBetween(stuck(builder().maxInFlightBytes(8 << 20)), fit - PARTITIONS, fit * 5 / 4);
    }

    private SubscriptionBuilder<byte[]> builder() {
        return client.subscription(topic, Codecs.bytes()).group("g").concurrency(2);
    }

    private Subscription stuck(SubscriptionBuilder<byte[]> builder) {
        return builder.handler(delivery -> release.await()).start();
    }

    private static void staysBetween(Subscription subscription, int least, int most) {
        await().atMost(PATIENCE).until(() -> subscription.inFlight() >= least);
        await().atMost(PATIENCE)
                .during(REST)
                .failFast(() -> assertThat(subscription.inFlight()).isLessThanOrEqualTo(most))
                .until(() -> true);
        assertThat(subscription.inFlight()).isBetween(least, most);
    }

    private void publish(int perPartition, byte[] body) {
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of("batch.size", 64 << 10, "linger.ms", 5))) {
            for (int i = 0; i < perPartition * PARTITIONS; i++) {
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, body));
            }
        }
    }
}
