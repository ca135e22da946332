package io.oncemq.it.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PublishingBlocked;
import io.oncemq.MessagingEvent.PublishingUnblocked;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.rocket.Rocket;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A broker that answers that it is busy holds messages up without an error, so an event has to show it. */
class RocketFlowControlIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();

    /** In the role of a slave the broker turns every message away as it does when it is too busy. */
    @Test
    void aBrokerThatTurnsMessagesAwayIsAnEventUntilItTakesThemAgain() {
        RocketServer server = RocketRig.server();
        String destination = RocketRig.name();
        try (MessagingClient client = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(Rocket.at(server.nameServer()))
                .withoutIdempotency()
                .eventListener(events::add)
                .build()) {
            client.ensure(DestinationSpec.builder(destination)
                    .partitions(2)
                    .group("g")
                    .build());
            Publisher<String> publisher = client.publisher(
                    destination,
                    Codecs.string(),
                    PublisherOptions.builder()
                            .deadline(PATIENCE.multipliedBy(2))
                            .build());
            publisher.publish(message("before")).join();
            CompletableFuture<Receipt> busy;
            server.configure(0, "brokerRole", "SLAVE");
            try {
                busy = publisher.publish(message("busy"));
                await().atMost(PATIENCE)
                        .until(() -> !of(PublishingBlocked.class).isEmpty());
                assertThat(busy).isNotDone();
                assertThat(of(PublishingUnblocked.class)).isEmpty();
            } finally {
                server.configure(0, "brokerRole", "ASYNC_MASTER");
            }
            busy.join();
            await().atMost(PATIENCE).until(() -> !of(PublishingUnblocked.class).isEmpty());
            assertThat(of(PublishingBlocked.class)).singleElement().satisfies(event -> {
                assertThat(event.destination()).isEqualTo(destination);
                assertThat(event.reason()).contains(server.brokerName(0)).contains("busy");
            });
            assertThat(of(PublishingUnblocked.class))
                    .extracting(PublishingUnblocked::destination)
                    .containsExactly(destination);
        }
    }

    private static OutboundMessage<String> message(String id) {
        return OutboundMessage.of(id).id(id).key(RocketRig.keyFor(0, 2));
    }

    private <E extends MessagingEvent> List<E> of(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
