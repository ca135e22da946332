package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.RetryPolicy;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.server.NeedsRabbit;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A prefetch that large messages have made small, on the real server: it grows back, and a key that waits stops no partition. */
@NeedsRabbit
class RabbitPrefetchIT {
    private static final Duration PATIENT = Duration.ofMinutes(3);
    private static final int SIZE = 256 << 10;
    private static final int LARGE = 40;
    private static final int SMALL = 400;
    private static final int PREFETCH = 200;

    private final String destination = SharedRabbit.ensured();
    private final Set<Integer> handled = ConcurrentHashMap.newKeySet();

    private MessagingClient client() {
        return MessagingClient.builder()
                .transport(SharedRabbit.rabbit())
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build();
    }

    @Test
    void aKeyThatWaitsForItsNextAttemptStopsNoPartitionOfLargeMessages() {
        publish("held", 0, SIZE);
        for (int number = 1; number <= LARGE; number++) {
            publish("key-" + number, number, SIZE);
        }
        try (MessagingClient client = client()) {
            client.subscription(destination, Codecs.bytes())
                    .group("g")
                    .maxInFlightBytes(8 * SIZE)
                    .drainTimeout(Duration.ofSeconds(1))
                    .retry(RetryPolicy.fixed(Duration.ofHours(1)))
                    .handler(delivery -> {
                        if ("held".equals(delivery.key())) {
                            throw new IllegalStateException("in an hour again");
                        }
                        handle(delivery.body());
                    })
                    .start();
            await().atMost(PATIENT).until(() -> handled.size() == LARGE);
        }
        assertThat(handled).doesNotContain(0);
    }

    @Test
    void aPrefetchThatLargeMessagesHaveMadeSmallGrowsBackWithSmallOnes() {
        publishAll(0, LARGE, SIZE);
        CountDownLatch all = new CountDownLatch(1);
        try (MessagingClient client = client()) {
            client.subscription(destination, Codecs.bytes())
                    .group("g")
                    .maxInFlight(PREFETCH)
                    .maxInFlightBytes(8 * SIZE)
                    .handler(delivery -> {
                        all.await();
                        handle(delivery.body());
                    })
                    .start();
            // A handler that keeps up would leave room for each.
            await().atMost(PATIENT).until(() -> SharedRabbit.raw().ready(SharedRabbit.queue(destination, 0)) == 0);
            all.countDown();
            await().atMost(PATIENT).until(() -> handled.size() == LARGE && prefetch() < PREFETCH / 2);
            publishAll(LARGE, LARGE + SMALL, 2);
            await().atMost(PATIENT).until(() -> handled.size() == LARGE + SMALL && prefetch() == PREFETCH);
        }
    }

    /** Of the channel that consumes, as the server has it. */
    private static int prefetch() {
        return Integer.parseInt(SharedRabbit.server()
                .eval("lists:max([0 | [Count || [{prefetch_count, Count}] <-"
                        + " rabbit_channel:info_all([prefetch_count])]])")
                .trim());
    }

    private void publish(String key, int number, int size) {
        SharedRabbit.raw().publish(destination, new RawMessage(key, Headers.empty(), body(number, size)));
    }

    private void publishAll(int from, int to, int size) {
        SharedRabbit.raw()
                .publish(
                        destination,
                        0,
                        1,
                        IntStream.range(from, to)
                                .mapToObj(number -> body(number, size))
                                .toList());
    }

    private static byte[] body(int number, int size) {
        byte[] body = new byte[size];
        body[0] = (byte) number;
        body[1] = (byte) (number >> 8);
        return body;
    }

    private void handle(byte[] body) {
        handled.add((body[0] & 0xff) | (body[1] & 0xff) << 8);
    }
}
