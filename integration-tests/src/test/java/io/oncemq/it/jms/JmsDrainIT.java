package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.Delivery;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Subscription;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.KeyHash;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** S10: a slow handler of one partition while that one is drained for another member. */
class JmsDrainIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final int AHEAD = 50;

    private final String destination = "drain-" + UUID.randomUUID();
    private final InProcessIdempotency store = InProcessIdempotency.create();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final Queue<String> slowEnded = new ConcurrentLinkedQueue<>();
    private final CountDownLatch slowBegun = new CountDownLatch(2);
    private final CountDownLatch slow = new CountDownLatch(1);
    private final AtomicInteger published = new AtomicInteger();

    static List<JmsBroker> brokers() {
        return JmsBroker.both();
    }

    /** Which of both is given away is the source's choice, so each has a slow key. */
    @ParameterizedTest
    @MethodSource("brokers")
    void theMessagesOfAPartitionThatStaysContinueWhileTheOtherIsDrained(JmsBroker broker) throws Exception {
        try (MessagingClient first = client(broker);
                MessagingClient second = client(broker)) {
            first.ensure(DestinationSpec.of(destination).partitions(2).group("g"));
            Publisher<String> publisher = first.publisher(destination, Codecs.string());
            try (Subscription one = subscribe(first)) {
                publish(publisher, "slow");
                assertThat(slowBegun.await(60, TimeUnit.SECONDS)).isTrue();
                try (Subscription two = subscribe(second)) {
                    await().atMost(PATIENT).until(() -> {
                        publish(publisher, String.valueOf(published.incrementAndGet()));
                        return Math.abs(handled("0:") - handled("1:")) > AHEAD;
                    });
                    assertThat(slowEnded).isEmpty();
                    slow.countDown();
                    await().atMost(PATIENT).until(() -> handled.size() >= 2 * published.get());
                }
            } finally {
                slow.countDown();
            }
        }
        assertThat(slowEnded).containsExactlyInAnyOrder("0:slow", "1:slow");
        assertThat(handled)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, published.get())
                        .boxed()
                        .flatMap(i -> Stream.of("0:" + i, "1:" + i))
                        .toList());
    }

    /** To each partition. */
    private void publish(Publisher<String> publisher, String text) {
        for (int partition : new int[] {0, 1}) {
            publisher
                    .publish(OutboundMessage.of(partition + ":" + text).key(key(partition, text)))
                    .join();
        }
    }

    private static String key(int partition, String text) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> text + "-" + i)
                .filter(key -> (KeyHash.of(key) & 0x7fffffff) % 2 == partition)
                .findFirst()
                .orElseThrow();
    }

    private long handled(String partition) {
        return handled.stream().filter(each -> each.startsWith(partition)).count();
    }

    private MessagingClient client(JmsBroker broker) {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(broker.transport())
                .idempotency(store)
                .build();
    }

    private Subscription subscribe(MessagingClient client) {
        return client.subscribe(destination, Codecs.string())
                .group("g")
                .concurrency(32)
                .drainTimeout(PATIENT)
                .handle(this::handle);
    }

    private void handle(Delivery<String> delivery) throws InterruptedException {
        String body = delivery.body();
        if (body.endsWith("slow")) {
            slowBegun.countDown();
            slow.await();
            slowEnded.add(body);
        } else {
            handled.add(body);
        }
    }
}
