package io.oncemq.it.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.OutboundMessage;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.Receipt;
import io.oncemq.testkit.fault.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class PublishFaultIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final PublisherOptions PATIENT =
            PublisherOptions.builder().deadline(Duration.ofMinutes(3)).build();
    private static final PublisherOptions HASTY =
            PublisherOptions.builder().deadline(Duration.ofSeconds(5)).build();

    private final Queue<MessagingEvent> events = new ConcurrentLinkedQueue<>();
    private final TcpProxy proxy = ProxiedKafka.proxy();
    private final MessagingClient client = ProxiedKafka.client(events::add);

    @AfterEach
    void close() {
        proxy.restore();
        client.close(Duration.ofSeconds(5));
    }

    private Published to(String topic, PublisherOptions options) {
        return new Published(client.publisher(topic, Codecs.string(), options));
    }

    /** So that the session is past its first, careful record of each partition. */
    private static void warm(Published published) throws Exception {
        published.publish("warm-", 40, 20);
        published.assertConfirmed(PATIENCE);
    }

    @Test
    @DisplayName("P1: a swallowed reply and a reset cost no message, no order and no second effect per id")
    void confirmsEachOnceWhenRepliesAreSwallowed() throws Exception {
        String topic = ProxiedKafka.topic(client, "swallowed", 3);
        Published published = to(topic, PATIENT);
        warm(published);
        for (int round = 0; round < 4; round++) {
            long resets = proxy.resets();
            proxy.swallowRepliesThenReset();
            published.publish("round-" + round + "-", 300, 20);
            await().atMost(PATIENCE).until(() -> proxy.resets() > resets + 1);
            proxy.restore();
            published.assertConfirmed(PATIENCE);
        }
        StoredLog log = StoredLog.of(topic);
        log.assertHoldsInOrder(published.idsOfKeys());
        assertThat(log.ids()).hasSize(published.size());
    }

    @Test
    @DisplayName("P2: a refusal of one message leaves the order of those buffered behind it")
    void keepsTheOrderOfTheOthersWhenTheBrokerRefusesOne() throws Exception {
        String topic = ProxiedKafka.name("refusing");
        client.ensure(DestinationSpec.builder(topic)
                .partitions(2)
                .setting("max.message.bytes", "2000")
                .build());
        Published published = to(topic, PATIENT);
        warm(published);
        Publisher<String> publisher = client.publisher(topic, Codecs.string(), PATIENT);
        published.publish("before-", 100, 4);
        // Below what a publisher takes, and above what the broker does: on the wire each header has two bytes more.
        OutboundMessage<String> message =
                OutboundMessage.of("x".repeat(1_350)).id("large").key("key-1");
        for (int i = 0; i < 100; i++) {
            message = message.header("h" + i, "y");
        }
        CompletableFuture<Receipt> large = publisher.publish(message);
        published.publish("behind-", 100, 4);
        published.assertConfirmed(PATIENCE);
        assertThat(large).failsWithin(PATIENCE);
        assertThat(failure(large))
                .isInstanceOfSatisfying(
                        PublishRejectedException.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Reason.TOO_LARGE))
                .hasMessageContaining("the broker or its client refused it");
        StoredLog.of(topic).assertHoldsInOrder(published.idsOfKeys());
    }

    @Test
    @DisplayName(
            "P2, K2: a message without an answer by its deadline ends unknown, freezes its key and keeps its place")
    void freezesTheKeyOfAnUnansweredMessageAndKeepsItsPlace() throws Exception {
        String topic = ProxiedKafka.topic(client, "black-hole", 3);
        Published patient = to(topic, PATIENT);
        warm(patient);
        Publisher<String> hasty = client.publisher(topic, Codecs.string(), HASTY);
        proxy.drop();
        OutboundMessage<String> first = OutboundMessage.of("first").id("first").key("frozen");
        OutboundMessage<String> second =
                OutboundMessage.of("second").id("second").key("frozen");
        CompletableFuture<Receipt> firstOutcome = hasty.publish(first);
        Publisher<String> slow = client.publisher(topic, Codecs.string(), PATIENT);
        CompletableFuture<Receipt> secondOutcome = slow.publish(second);
        patient.publish("open-", 200, 20);

        assertThat(firstOutcome).failsWithin(PATIENCE);
        assertThat(failure(firstOutcome)).isInstanceOf(PublishOutcomeUnknownException.class);
        assertThat(secondOutcome).failsWithin(PATIENCE);
        assertThat(failure(secondOutcome)).isInstanceOf(PublishOutcomeUnknownException.class);
        CompletableFuture<Receipt> third =
                slow.publish(OutboundMessage.of("third").id("third").key("frozen"));
        assertThat(third).failsWithin(PATIENCE);
        assertThat(failure(third))
                .isInstanceOfSatisfying(
                        PublishRejectedException.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Reason.KEY_FROZEN));

        proxy.restore();
        patient.assertConfirmed(PATIENCE);
        assertThat(slow.publish(first)).succeedsWithin(PATIENCE);
        assertThat(slow.publish(second)).succeedsWithin(PATIENCE);
        assertThat(slow.publish(OutboundMessage.of("third").id("third").key("frozen")))
                .succeedsWithin(PATIENCE);

        StoredLog log = StoredLog.of(topic);
        patient.idsOfKeys().put("frozen", List.of("first", "second", "third"));
        log.assertHoldsInOrder(patient.idsOfKeys());
        await().atMost(PATIENCE).until(() -> heard(PublishSessionReplaced.class));
    }

    @Test
    @DisplayName("P2: through kill -9 and a restart of the broker everything is confirmed, stored and in order")
    void survivesAKilledBroker() throws Exception {
        String topic = ProxiedKafka.topic(client, "killed", 6);
        Published published = to(topic, PATIENT);
        warm(published);
        published.publish("before-", 5_000, 50);
        ProxiedKafka.server().kill();
        published.publish("away-", 3_000, 50);
        ProxiedKafka.server().start();
        published.publish("after-", 5_000, 50);
        published.assertConfirmed(PATIENCE);
        StoredLog.of(topic).assertHoldsInOrder(published.idsOfKeys());
    }

    private boolean heard(Class<? extends MessagingEvent> type) {
        return events.stream().anyMatch(type::isInstance);
    }

    private static Throwable failure(CompletableFuture<Receipt> outcome) {
        return outcome.handle((receipt, failure) -> failure).join();
    }
}
