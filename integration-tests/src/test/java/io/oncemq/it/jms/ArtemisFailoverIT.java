package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.jms.Artemis;
import io.oncemq.testkit.server.ArtemisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two brokers that share their data, of which one serves at a time. */
class ArtemisFailoverIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int KEYS = 20;
    private static final int MESSAGES = 2_000;

    private final Map<String, Set<Integer>> handled = new ConcurrentHashMap<>();
    private final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();

    @Test
    void goesOnAtTheBackupInOrderAndWithoutLoss() {
        try (ArtemisServer primary = ArtemisServer.builder().primary().build()) {
            primary.start();
            try (ArtemisServer backup =
                    ArtemisServer.builder().backupOf(primary).build()) {
                backup.start();
                String addresses = "127.0.0.1:" + primary.port() + ",127.0.0.1:" + backup.port();
                try (MessagingClient client = client(addresses)) {
                    client.ensure(DestinationSpec.builder("orders")
                            .partitions(4)
                            .group("g")
                            .build());
                    client.subscription("orders", Codecs.string())
                            .group("g")
                            .concurrency(8)
                            .handler(delivery -> handled.computeIfAbsent(
                                            delivery.key(), key -> Collections.synchronizedSet(new LinkedHashSet<>()))
                                    .add(Integer.valueOf(delivery.body())))
                            .start();
                    Publisher<String> publisher = client.publisher(
                            "orders",
                            Codecs.string(),
                            PublisherOptions.builder().deadline(PATIENCE).build());
                    publish(publisher, 0, MESSAGES / 2);
                    await().atMost(PATIENCE).until(() -> count() > MESSAGES / 10);
                    primary.kill();
                    publish(publisher, MESSAGES / 2, MESSAGES);
                    receipts.forEach(CompletableFuture::join);
                    await().atMost(PATIENCE).until(() -> count() >= MESSAGES);
                }
            }
        }
        for (int key = 0; key < KEYS; key++) {
            int first = key;
            assertThat(handled.get("k" + key))
                    .containsExactlyElementsOf(IntStream.range(0, MESSAGES / KEYS)
                            .mapToObj(i -> first + i * KEYS)
                            .toList());
        }
    }

    private void publish(Publisher<String> publisher, int from, int to) {
        for (int number = from; number < to; number++) {
            receipts.add(publisher.publish(OutboundMessage.of(Integer.toString(number))
                    .id("id-" + number)
                    .key("k" + number % KEYS)));
        }
    }

    private int count() {
        return handled.values().stream().mapToInt(Set::size).sum();
    }

    private static MessagingClient client(String addresses) {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(Artemis.at(addresses))
                .idempotency(InProcessIdempotency.create())
                .build();
    }
}
