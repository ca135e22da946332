package io.oncemq.it.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.kafka.GroupProtocol;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** S10: a slow handler of one partition while another member waits for it. */
@ParameterizedClass
@EnumSource
class KafkaDrainIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final int MESSAGES = 60;

    private final GroupProtocol protocol;
    private final InProcessIdempotency store = InProcessIdempotency.create();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch slow = new CountDownLatch(1);

    KafkaDrainIT(GroupProtocol protocol) {
        this.protocol = protocol;
    }

    @Test
    void theMessagesOfAPartitionThatStaysGoOnWhileAnotherIsDrained() throws Exception {
        String topic = SharedKafka.name("drain");
        try (RawKafka raw = SharedKafka.raw();
                MessagingClient first = client();
                MessagingClient second = client()) {
            first.ensure(DestinationSpec.builder(topic).partitions(2).group("g").build());
            produce(raw, topic);
            try (Subscription one = subscribe(first, topic)) {
                await().atMost(PATIENT).until(() -> handled.contains("begun 0") && handled.contains("begun 1000"));
                try (Subscription two = subscribe(second, topic)) {
                    await().atMost(PATIENT).until(() -> raw.members("g", topic) >= 1 && isDraining(raw, topic));
                    gate.countDown();
                    await().atMost(PATIENT).until(() -> settled(0) || settled(1));
                    assertThat(settled(0) && settled(1)).as("the drain goes on").isFalse();
                    slow.countDown();
                    await().atMost(PATIENT).until(() -> settled(0) && settled(1) && handled.contains("ended 0"));
                }
            }
        } finally {
            gate.countDown();
            slow.countDown();
        }
        assertThat(handled).doesNotHaveDuplicates();
    }

    /** Ten keys in each of two partitions. */
    private static void produce(RawKafka raw, String topic) {
        try (Producer<byte[], byte[]> producer = raw.producer(Map.of())) {
            for (int i = 0; i < 2 * MESSAGES; i++) {
                int partition = i % 2;
                int number = partition * 1_000 + i / 2;
                byte[] key = (partition + "-" + number % 10).getBytes(UTF_8);
                producer.send(new ProducerRecord<>(
                        topic, partition, key, String.valueOf(number).getBytes(UTF_8)));
            }
        }
    }

    /** Two members, of which the first has been told so for long enough to have begun its drain. */
    private static boolean isDraining(RawKafka raw, String topic) {
        boolean both = raw.members("g", topic) == 2;
        if (both) {
            await().pollDelay(Duration.ofSeconds(7)).until(() -> true);
        }
        return both;
    }

    /** Each partition's messages but those of the slow key, which begins and ends with its first one. */
    private boolean settled(int partition) {
        return IntStream.range(partition * 1_000, partition * 1_000 + MESSAGES)
                .filter(i -> i % 10 != 0)
                .allMatch(i -> handled.contains(String.valueOf(i)));
    }

    private MessagingClient client() {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(SharedKafka.kafka(protocol))
                .idempotency(store)
                .build();
    }

    private Subscription subscribe(MessagingClient client, String topic) {
        return client.subscription(topic, Codecs.string())
                .group("g")
                .concurrency(32)
                .drainTimeout(PATIENT)
                .handler(this::handle)
                .start();
    }

    private void handle(Delivery<String> delivery) throws InterruptedException {
        String body = delivery.body();
        if (Integer.parseInt(body) % 1_000 == 0) {
            handled.add("begun " + body);
            slow.await();
            handled.add("ended " + body);
        }
        gate.await();
        handled.add(body);
    }
}
