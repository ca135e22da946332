package io.oncemq.it.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.Headers;
import io.oncemq.MessagingClient;
import io.oncemq.Profile;
import io.oncemq.testkit.kit.transport.RawMessage;
import io.oncemq.testkit.server.NeedsRabbit;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The broker counts what it sends ahead in messages; the bound of a subscription in bytes holds all the same (G17). */
@NeedsRabbit
class RabbitLargeMessagesIT {
    private static final int SIZE = 256 << 10;
    private static final int MESSAGES = 60;
    private static final int HALF = 30;
    private static final int STEP = 10;
    /** Room for four messages, each for the engine and before it. */
    private static final int BOUND = 4 * SIZE;

    private static final int HELD = 12;

    @Test
    void largeMessagesStayOnTheBrokerThoughTheirNumberIsBelowTheBound() {
        String destination = SharedRabbit.ensured();
        for (int number = 0; number < MESSAGES; number++) {
            byte[] body = new byte[SIZE];
            body[0] = (byte) number;
            SharedRabbit.raw().publish(destination, new RawMessage("key", Headers.empty(), body));
        }
        Set<Integer> handled = Collections.synchronizedSet(new LinkedHashSet<>());
        Semaphore go = new Semaphore(0);
        try (MessagingClient client = MessagingClient.builder()
                .transport(SharedRabbit.rabbit())
                .withoutIdempotency()
                .profile(Profile.DEV)
                .build()) {
            client.subscription(destination, Codecs.bytes())
                    .group("g")
                    .maxInFlightBytes(BOUND)
                    .handler(delivery -> {
                        byte[] body = delivery.body();
                        if (body != null && body[0] <= HALF && body[0] % STEP == 0) {
                            go.acquire();
                        }
                        handled.add(body == null ? -1 : (int) body[0]);
                    })
                    .start();
            // A handler that keeps up with the broker would be sent all of them, one by one: it has to be slower.
            for (int number = 0; number < HALF; number += STEP) {
                int before = number;
                await().until(() -> handled.size() == before);
                await().during(Duration.ofMillis(500)).until(() -> handled.size() == before);
                go.release();
            }
            await().until(() -> handled.size() == HALF);
            await().until(() -> SharedRabbit.raw().ready(SharedRabbit.queue(destination, 0)) >= MESSAGES - HALF - HELD);
            go.release();
            await().until(() -> handled.size() == MESSAGES);
        } finally {
            go.release(MESSAGES);
        }
        assertThat(handled)
                .containsExactlyElementsOf(IntStream.range(0, MESSAGES).boxed().toList());
    }
}
