package io.oncemq.it.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.MessagingEvent.PublishingBlocked;
import io.oncemq.MessagingEvent.PublishingUnblocked;
import io.oncemq.MessagingEvent.SendBlocked;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.jms.Artemis;
import io.oncemq.testkit.server.ArtemisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S10: an address that takes no more holds up its own messages, and no others. */
class ArtemisFullAddressIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PROBES = 40;

    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @ValueSource(strings = {"BLOCK", "FAIL"})
    void aFullAddressHoldsUpNoOther(String policy) {
        try (ArtemisServer server = ArtemisServer.builder()
                .addressSetting("max-size-bytes", 500_000)
                .addressSetting("address-full-policy", policy)
                .build()) {
            server.start();
            try (MessagingClient client = MessagingClient.builder()
                    .profile(Profile.DEV)
                    .transport(Artemis.at("127.0.0.1:" + server.port()))
                    .withoutIdempotency()
                    .listener(events::add)
                    .build()) {
                holdsUpNoOther(client);
            }
        }
    }

    private void holdsUpNoOther(MessagingClient client) {
        client.ensure(DestinationSpec.of("full").group("g"));
        client.ensure(DestinationSpec.of("free").group("g"));
        Publisher<String> full = client.publisher(
                "full", Codecs.string(), PublisherOptions.defaults().deadline(PATIENCE));
        Publisher<String> free = client.publisher("free", Codecs.string());
        List<CompletableFuture<Receipt>> toFull = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            toFull.add(full.publish(message(i, "x".repeat(5_000))));
        }
        await().atMost(PATIENCE).until(() -> toFull.get(0).isDone());
        long slowest = 0;
        for (int i = 0; i < PROBES; i++) {
            long start = System.nanoTime();
            free.publish(message(i, "probe")).join();
            slowest = Math.max(slowest, System.nanoTime() - start);
        }
        assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofMillis(2_900));
        assertThat(toFull).anyMatch(receipt -> !receipt.isDone());
        assertThat(events).noneMatch(SendBlocked.class::isInstance).noneMatch(PublishSessionReplaced.class::isInstance);
        await().atMost(PATIENCE).until(() -> events.stream().anyMatch(PublishingBlocked.class::isInstance));
        assertThat(events).noneMatch(PublishingUnblocked.class::isInstance);
        client.subscribe("full", Codecs.string()).group("g").handle(delivery -> {});
        CompletableFuture.allOf(toFull.toArray(CompletableFuture[]::new)).join();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(of(PublishingUnblocked.class)).hasSameSizeAs(of(PublishingBlocked.class)));
        assertThat(of(PublishingBlocked.class))
                .extracting(PublishingBlocked::destination)
                .containsOnly("full");
        assertThat(of(PublishingUnblocked.class))
                .extracting(PublishingUnblocked::destination)
                .containsOnly("full");
    }

    private <E extends MessagingEvent> List<E> of(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static OutboundMessage<String> message(int number, String body) {
        return OutboundMessage.of(body).id("id-" + number).key("key-" + number % 50);
    }
}
