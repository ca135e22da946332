package io.oncemq.it.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.Codecs;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Feature;
import io.oncemq.MessageFilter;
import io.oncemq.MessageHandler;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.OutboundMessage;
import io.oncemq.Profile;
import io.oncemq.Publisher;
import io.oncemq.Replay;
import io.oncemq.RetryPolicy;
import io.oncemq.StartPosition;
import io.oncemq.Subscription;
import io.oncemq.SubscriptionBuilder;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.rocket.Rocket;
import io.oncemq.testkit.server.RocketServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.rocketmq.common.message.MessageQueue;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** M10: what a filter leaves out is passed over, and nothing else is. Without a store, so that every repetition shows. */
class RocketFilterIT {
    /** Two types whose hash codes, all that a broker compares, are equal. */
    private static final String WANTED = "Aa";

    private static final String LIKE_IT = "BB";

    private final RocketServer server = RocketRig.server();
    private final RocketAsk ask = new RocketAsk();
    private final String destination = RocketRig.name();
    private final MessageQueue queue = ask.queue(destination, 0, 0);
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    private final MessagingClient client = client();

    RocketFilterIT() throws Exception {
        client.ensure(
                DestinationSpec.builder(destination).partitions(1).group("g").build());
    }

    @AfterEach
    void close() {
        client.close();
        ask.close();
    }

    @Test
    void handlesTheTypesAloneAndThePositionPassesTheRest() throws Exception {
        assertThat(client.capabilities().supports(Feature.FILTER)).isTrue();
        Subscription first = subscribe(MessageFilter.types(WANTED, "another"));
        for (int i = 0; i < 10; i++) {
            publish(message("wanted-" + i).type(WANTED));
            publish(message("alike-" + i).type(LIKE_IT));
            publish(message("untyped-" + i));
        }
        publish(message("last").type("another"));
        for (int i = 0; i < 40; i++) {
            publish(message("rest-" + i).type("other"));
        }
        awaitPosition(71);
        List<String> expected = IntStream.range(0, 11)
                .mapToObj(i -> i == 10 ? "last" : "wanted-" + i)
                .toList();
        assertThat(handled).isEqualTo(expected);
        first.close();
        try (MessagingClient next = client()) {
            start(next, MessageFilter.types("another", WANTED));
            publish(message("after").type(WANTED));
            await().until(() -> handled.contains("after"));
        }
        assertThat(handled).hasSize(12).startsWith(expected.toArray(String[]::new));
    }

    @Test
    void handlesWhatFulfilsAConditionAndAFailureHoldsThePositionOnly() throws Exception {
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        List<Long> positions = new CopyOnWriteArrayList<>();
        MessageHandler<String> handler = delivery -> {
            handled.add(delivery.body());
            if (delivery.body().equals("eu-200") && attempts.size() < 2) {
                attempts.add(delivery.attempt());
                positions.add(ask.stored(queue, "g"));
                throw new IllegalStateException("not yet");
            }
        };
        builder(client, MessageFilter.sql("region = 'EU' AND amount > 100 AND CE_type IS NOT NULL"))
                .retry(RetryPolicy.builder()
                        .fixed(Duration.ofMillis(50))
                        .maxAttempts(5)
                        .build())
                .handler(handler)
                .start();
        publish(message("eu-100").type("t").header("region", "EU").header("amount", "100"));
        publish(message("eu-200").type("t").header("region", "EU").header("amount", "200"));
        publish(message("us-300").type("t").header("region", "US").header("amount", "300"));
        publish(message("eu-text").type("t").header("region", "EU").header("amount", "much"));
        publish(message("eu-untyped").header("region", "EU").header("amount", "300"));
        publish(message("eu-1000").type("t").header("region", "EU").header("amount", "1000"));
        publish(message("nothing"));
        awaitPosition(7);
        assertThat(handled).containsExactly("eu-200", "eu-200", "eu-200", "eu-1000");
        assertThat(attempts).containsExactly(1, 2);
        assertThat(positions).hasSize(2).allMatch(position -> position <= 1);
    }

    @Test
    void refusesAConditionThatNoBrokerUnderstandsAtTheStart() {
        assertRefused(MessageFilter.sql("region = "), "region");
        assertRefused(MessageFilter.types("two words"), "two words");
        server.configure(1, "enablePropertyFilter", false);
        try {
            assertRefused(MessageFilter.sql("region = 'EU'"), "enablePropertyFilter");
            subscribe(MessageFilter.types(WANTED)).close();
        } finally {
            server.configure(1, "enablePropertyFilter", true);
        }
    }

    /** It has filtered so before, so it may again: only the operator knows. What is not filtered is not read meanwhile. */
    @Test
    void waitsWithAnEventWhileABrokerFiltersNoLonger() throws Exception {
        Subscription subscription = subscribe(MessageFilter.sql("region = 'EU'"));
        publish(message("before").header("region", "EU"));
        await().until(() -> handled.contains("before"));
        server.configure(0, "enablePropertyFilter", false);
        try {
            // Ends the pull that the broker keeps; the next one is refused.
            publish(message("while").header("region", "EU"));
            await().until(() -> events.stream()
                    .filter(MessagingEvent.SourceInterrupted.class::isInstance)
                    .map(MessagingEvent.SourceInterrupted.class::cast)
                    .anyMatch(
                            event -> String.valueOf(event.cause().getMessage()).contains("enablePropertyFilter")));
            publish(message("other").header("region", "US"));
            assertThat(subscription.state()).isEqualTo(Subscription.State.RUNNING);
        } finally {
            server.configure(0, "enablePropertyFilter", true);
        }
        publish(message("after").header("region", "EU"));
        await().until(() -> handled.contains("after"));
        assertThat(handled).containsExactly("before", "while", "after");
    }

    @Test
    void refusesAMemberWithAnotherFilterAndTheOthersGoOn() throws Exception {
        Subscription first = subscribe(MessageFilter.types(WANTED, LIKE_IT));
        publish(message("one").type(WANTED));
        await().until(() -> handled.contains("one"));
        try (MessagingClient other = client()) {
            Subscription second = start(other, MessageFilter.types(LIKE_IT, WANTED));
            for (Subscription each : List.of(
                    start(other, MessageFilter.types(LIKE_IT)),
                    start(other, MessageFilter.sql("region = 'EU'")),
                    start(other, null))) {
                await().until(() -> each.state() == Subscription.State.FAILED);
                assertThat(each.failure())
                        .containsInstanceOf(ConfigurationException.class)
                        .get()
                        .asString()
                        .contains("filter");
            }
            publish(message("two").type(LIKE_IT));
            await().until(() -> handled.contains("two"));
            assertThat(second.state()).isEqualTo(Subscription.State.RUNNING);
        }
        publish(message("three").type(WANTED));
        await().until(() -> handled.contains("three"));
        assertThat(handled).containsExactly("one", "two", "three");
        assertThat(first.state()).isEqualTo(Subscription.State.RUNNING);
    }

    @Test
    void replaysWhatTheFilterLetsThrough() throws Exception {
        for (int i = 0; i < 5; i++) {
            publish(message("wanted-" + i).type(WANTED));
            publish(message("rest-" + i).type(LIKE_IT));
        }
        try (MessagingClient remembering = MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(rocket())
                .idempotency(InProcessIdempotency.create())
                .build()) {
            Subscription replay = builder(remembering, MessageFilter.types(WANTED))
                    .replay(Replay.again("again", StartPosition.EARLIEST))
                    .handler(delivery -> handled.add(delivery.body()))
                    .start();
            await().until(() -> replay.state() == Subscription.State.CLOSED);
        }
        assertThat(handled).containsExactly("wanted-0", "wanted-1", "wanted-2", "wanted-3", "wanted-4");
    }

    private void awaitPosition(long offset) {
        await().until(() -> ask.stored(queue, "g") == offset);
    }

    private void assertRefused(MessageFilter filter, String word) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> subscribe(filter))
                .satisfies(refusal -> {
                    assertThat(refusal.property()).isEqualTo("filter");
                    assertThat(refusal.remedy()).isNotBlank();
                })
                .withMessageContaining(word);
    }

    private Subscription subscribe(MessageFilter filter) {
        return start(client, filter);
    }

    private Subscription start(MessagingClient by, MessageFilter filter) {
        return builder(by, filter)
                .handler(delivery -> handled.add(delivery.body()))
                .start();
    }

    private SubscriptionBuilder<String> builder(MessagingClient by, MessageFilter filter) {
        SubscriptionBuilder<String> builder =
                by.subscription(destination, Codecs.string()).group("g");
        return filter == null ? builder : builder.filter(filter);
    }

    private static OutboundMessage<String> message(String body) {
        return OutboundMessage.of(body).id(body).key("k");
    }

    private void publish(OutboundMessage<String> message) {
        Publisher<String> publisher = client.publisher(destination, Codecs.string());
        publisher.publish(message).join();
    }

    private MessagingClient client() {
        return MessagingClient.builder()
                .profile(Profile.DEV)
                .transport(rocket())
                .withoutIdempotency()
                .eventListener(events::add)
                .build();
    }

    private static Rocket rocket() {
        return Rocket.at(RocketRig.server().nameServer()).lockExpiry(RocketRig.LOCK_EXPIRY);
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
