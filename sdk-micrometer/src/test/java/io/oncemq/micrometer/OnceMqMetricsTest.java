package io.oncemq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.oncemq.Backlog;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor.Handling;
import io.oncemq.MessageInterceptor.Publishing;
import io.oncemq.MessagingEvent;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import io.oncemq.PublishOutcomeUnknownException;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OnceMqMetricsTest {
    private static final Position PLACE = new Position("orders-0", 7);

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final Meters meters = new Meters(registry);
    private final ClientMetrics client = opened("one");

    private ClientMetrics opened(String id) {
        ClientMetrics metrics = new ClientMetrics(meters);
        metrics.opened(id, "kafka");
        return metrics;
    }

    private void published(@Nullable Throwable failure) {
        Publishing publishing = client.publishing("orders", OutboundMessage.of("x"), Headers.builder());
        clock.add(Duration.ofMillis(20));
        publishing.ended(failure == null ? new Receipt("1", "orders", PLACE) : null, failure);
    }

    private double value(String name, String... tags) {
        Meter meter = registry.get(name).tags(tags).meter();
        return meter.measure().iterator().next().getValue();
    }

    @Test
    void publishesAreCountedByOutcomeAndOnlyWhatMayHaveReachedTheBrokerAsSent() {
        published(null);
        published(new PublishRejectedException("1", "orders", Reason.UNROUTABLE, "no queue", null));
        published(new PublishRejectedException("1", "orders", Reason.NOT_ATTEMPTED, "too late", null));
        published(new PublishOutcomeUnknownException("1", "orders", "no answer", null));
        published(new IllegalStateException("before it was taken"));

        assertThat(value("oncemq.published", "oncemq.outcome", "confirmed")).isEqualTo(1);
        assertThat(value("oncemq.published", "oncemq.outcome", "rejected")).isEqualTo(2);
        assertThat(value("oncemq.published", "oncemq.outcome", "unknown")).isEqualTo(1);
        assertThat(value("oncemq.published", "oncemq.outcome", "failed")).isEqualTo(1);
        assertThat(value("messaging.client.sent.messages", "error.type", "none"))
                .isEqualTo(1);
        assertThat(value("messaging.client.sent.messages", "error.type", "unroutable"))
                .isEqualTo(1);
        assertThat(registry.find("messaging.client.sent.messages")
                        .tag("error.type", "not_attempted")
                        .meter())
                .isNull();
        assertThat(registry.get("messaging.client.operation.duration")
                        .tag("error.type", "none")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(20);
    }

    @Test
    void whatIsOpenIsInFlightUntilItsOutcome() {
        Publishing publishing = client.publishing("orders", OutboundMessage.of("x"), Headers.builder());
        assertThat(value("oncemq.publish.in.flight")).isEqualTo(1);
        publishing.ended(new Receipt("1", "orders", PLACE), null);
        assertThat(value("oncemq.publish.in.flight")).isZero();
    }

    @Test
    void attemptsAreTimedByTheClassOfTheirFailure() {
        FakeSubscription subscription = new FakeSubscription("orders", "billing");
        client.subscribed("billing", "billing", subscription);
        Handling handling = client.handling("orders", "billing", new FakeDelivery());
        assertThat(value("oncemq.handlers.running")).isEqualTo(1);
        handling.ended(new IllegalStateException("4711"));
        assertThat(value("oncemq.handlers.running")).isZero();
        assertThat(value("messaging.client.consumed.messages")).isEqualTo(1);
        assertThat(value("messaging.process.duration", "error.type", "java.lang.IllegalStateException"))
                .isEqualTo(1);
    }

    @Test
    void everyOutcomeOfADeliveryIsThereFromTheStart() {
        client.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        for (String outcome : List.of("processed", "duplicate", "id_reused", "retried", "dead_lettered")) {
            assertThat(value("oncemq.deliveries", "oncemq.outcome", outcome)).isZero();
        }
        client.onEvent(new MessagingEvent.DuplicateSuppressed("orders", "billing", "1", PLACE));
        client.onEvent(new MessagingEvent.DeadLettered("orders", "billing", "2", "dlq", 3, "attempts-exhausted", null));
        assertThat(value("oncemq.deliveries", "oncemq.outcome", "duplicate")).isEqualTo(1);
        assertThat(value("oncemq.deliveries", "oncemq.outcome", "dead_lettered"))
                .isEqualTo(1);
        assertThat(value("oncemq.dead.letters", "oncemq.reason", "attempts-exhausted"))
                .isEqualTo(1);
    }

    @Test
    void keysAreHeldUntilAChangeIsAcceptedOrTakenBack() {
        client.onEvent(new MessagingEvent.PartitionsChanged("orders", 4, 6));
        assertThat(value("oncemq.publish.held")).isEqualTo(1);
        client.onEvent(new MessagingEvent.PartitionsAccepted("orders", 6));
        assertThat(value("oncemq.publish.held")).isZero();
        client.onEvent(new MessagingEvent.PartitionsMoved("orders", 6, "a:3;b:3", "a:4;b:2"));
        assertThat(value("oncemq.publish.held")).isEqualTo(1);
        client.onEvent(new MessagingEvent.PartitionsRestored("orders", 6));
        assertThat(value("oncemq.publish.held")).isZero();
    }

    @Test
    void instancesAndReplaysCountForTheirGroup() {
        client.subscribed("billing@pod-7", "billing", new FakeSubscription("orders", "billing@pod-7"));
        client.onEvent(new MessagingEvent.DeliveryCompleted("orders", "billing@pod-7", "1", 1, Duration.ZERO));
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getTag("messaging.consumer.group.name"))
                .containsOnly(null, "billing");
        assertThat(value("oncemq.deliveries", "oncemq.outcome", "processed")).isEqualTo(1);
    }

    @Test
    void clientsOfOneRegistryAddUp() {
        ClientMetrics other = opened("two");
        client.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        other.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        assertThat(value("oncemq.deliveries.in.flight")).isEqualTo(2 * FakeSubscription.IN_FLIGHT);
        assertThat(value("oncemq.lanes")).isEqualTo(2 * FakeSubscription.LANES);
        assertThat(value("oncemq.subscriptions", "oncemq.state", "running")).isEqualTo(2);

        client.onEvent(new MessagingEvent.PartitionsAssigned("orders", "billing", List.of("orders-0", "orders-1")));
        other.onEvent(new MessagingEvent.PartitionsAssigned("orders", "billing", List.of("orders-2")));
        client.onEvent(new MessagingEvent.PartitionsLost("orders", "billing", List.of("orders-0")));
        assertThat(value("oncemq.shards")).isEqualTo(2);
        assertThat(value("oncemq.partitions.lost")).isEqualTo(1);
    }

    @Test
    void anOutageOfTheStoreShowsWhileItLastsAndIsTimedWhenItIsOver() {
        client.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        assertThat(value("oncemq.store.available")).isEqualTo(1);
        client.onEvent(new MessagingEvent.StoreUnavailable("orders", "billing", new IllegalStateException()));
        assertThat(value("oncemq.store.available")).isZero();
        client.onEvent(new MessagingEvent.StoreAvailable("orders", "billing", Duration.ofSeconds(3)));
        assertThat(value("oncemq.store.available")).isEqualTo(1);
        assertThat(registry.get("oncemq.store.outage").timer().count()).isEqualTo(1);
    }

    @Test
    void anInterruptedSourceShowsUntilItReceivesAgain() {
        client.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        client.onEvent(interrupted(null));
        client.onEvent(interrupted(null));
        client.onEvent(interrupted("orders-1"));
        assertThat(value("oncemq.source.interrupted")).isEqualTo(2);
        assertThat(value("oncemq.source.interruptions")).isEqualTo(3);

        client.onEvent(new MessagingEvent.SourceResumed("orders", "billing", null, Duration.ofSeconds(3)));
        assertThat(value("oncemq.source.interrupted")).isEqualTo(1);
        assertThat(registry.get("oncemq.source.outage").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(3);

        client.onEvent(new MessagingEvent.PartitionsRevoked("orders", "billing", List.of("orders-1")));
        assertThat(value("oncemq.source.interrupted"))
                .as("another member has it")
                .isZero();
    }

    private static MessagingEvent interrupted(@Nullable String partition) {
        return new MessagingEvent.SourceInterrupted(
                "orders", "billing", partition, new IllegalStateException(), Duration.ofSeconds(1));
    }

    @Test
    void whatAClosedSubscriptionReportedLastIsForgotten() {
        FakeSubscription subscription = new FakeSubscription("orders", "billing");
        client.subscribed("billing", "billing", subscription);
        client.onEvent(interrupted(null));
        client.onEvent(new MessagingEvent.StoreUnavailable("orders", "billing", new IllegalStateException()));
        client.onEvent(new MessagingEvent.AccessRefused(
                "orders", "billing", new IllegalStateException(), Duration.ofMinutes(1)));
        subscription.close();
        assertThat(value("oncemq.source.interrupted")).isZero();
        assertThat(value("oncemq.store.available")).isEqualTo(1);
        assertThat(value("oncemq.access.refused")).isZero();
    }

    @Test
    void aSubscriptionThatFollowsOneThatEndedInAnOutageBeginsWithoutIt() {
        FakeSubscription subscription = new FakeSubscription("orders", "billing");
        client.subscribed("billing", "billing", subscription);
        client.onEvent(new MessagingEvent.StoreUnavailable("orders", "billing", new IllegalStateException()));
        client.onEvent(interrupted(null));
        subscription.close();
        client.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        assertThat(value("oncemq.store.available")).isEqualTo(1);
        assertThat(value("oncemq.source.interrupted")).isZero();
    }

    @Test
    void aSecondMemberDoesNotHideTheOutageOfTheFirst() {
        client.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        client.onEvent(new MessagingEvent.StoreUnavailable("orders", "billing", new IllegalStateException()));
        client.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        assertThat(value("oncemq.store.available")).isZero();
    }

    @Test
    void anOutageOfAClientThatWasClosedDoesNotStayWithAnotherClient() {
        ClientMetrics other = opened("two");
        FakeSubscription subscription = new FakeSubscription("orders", "billing");
        client.subscribed("billing", "billing", subscription);
        other.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        client.onEvent(new MessagingEvent.StoreUnavailable("orders", "billing", new IllegalStateException()));
        assertThat(value("oncemq.store.available")).isZero();
        subscription.close();
        assertThat(value("oncemq.store.available")).isEqualTo(1);
    }

    @Test
    void whatIsWatchedByItsOutcomeReasonOrKindIsCountedFromZero() {
        client.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        client.publishing("orders", OutboundMessage.of("x"), Headers.builder());
        for (String outcome : List.of("confirmed", "rejected", "unknown", "failed")) {
            assertThat(value("oncemq.published", "oncemq.outcome", outcome)).isZero();
        }
        for (String reason : List.of("attempts-exhausted", "not-retryable", "in-doubt", "expired", "resumed")) {
            assertThat(value("oncemq.dead.letters", "oncemq.reason", reason)).isZero();
        }
        for (String kind : List.of("late", "stolen")) {
            assertThat(value("oncemq.completion.alerts", "oncemq.kind", kind)).isZero();
        }
    }

    @Test
    void whatAnOperatorMustKnowIsCountedFromZero() {
        client.subscribed("billing", "billing", new FakeSubscription("orders", "billing"));
        client.publishing("orders", OutboundMessage.of("x"), Headers.builder());
        List<String> counters = List.of(
                "oncemq.destinations.recreated",
                "oncemq.clusters.suspected",
                "oncemq.subscriptions.restarted",
                "oncemq.publish.sends.blocked",
                "oncemq.publish.completions.blocked");
        assertThat(counters).allSatisfy(counter -> assertThat(value(counter)).isZero());
        assertThat(value("oncemq.dead.letters.too.large", "oncemq.kind", "hold"))
                .isZero();
        Events.ALL.forEach(client::onEvent);
        assertThat(counters).allSatisfy(counter -> assertThat(value(counter)).isEqualTo(1));
        assertThat(value("oncemq.dead.letters.too.large", "oncemq.kind", "stub"))
                .isEqualTo(1);
    }

    @Test
    void aSubscriptionThatFailedIsCountedAndLeavesNoStateBehind() {
        FakeSubscription subscription = new FakeSubscription("orders", "billing");
        client.subscribed("billing", "billing", subscription);
        client.onEvent(new MessagingEvent.PartitionsAssigned("orders", "billing", List.of("orders-0")));
        client.onEvent(new MessagingEvent.AccessRefused(
                "orders", "billing", new IllegalStateException(), Duration.ofMinutes(1)));
        assertThat(value("oncemq.access.refused")).isEqualTo(1);
        subscription.fail();
        client.onEvent(new MessagingEvent.SubscriptionFailed("orders", "billing", new IllegalStateException()));
        assertThat(value("oncemq.subscriptions.failed")).isEqualTo(1);
        assertThat(value("oncemq.access.refused")).isZero();
        assertThat(value("oncemq.shards")).isZero();
        assertThat(value("oncemq.deliveries.in.flight")).isZero();
        assertThat(value("oncemq.subscriptions", "oncemq.state", "running")).isZero();
    }

    @Test
    void aSubscriptionThatIsStartedAgainIsFollowedAndCountedOnce() {
        FakeSubscription subscription = new FakeSubscription("orders", "billing");
        client.subscribed("billing", "billing", subscription);
        subscription.fail();
        client.onEvent(new MessagingEvent.SubscriptionFailed("orders", "billing", new IllegalStateException()));
        assertThat(value("oncemq.subscriptions", "oncemq.state", "running")).isZero();
        for (int again = 0; again < 2; again++) {
            subscription.resume();
            client.subscribed("billing", "billing", subscription);
            client.onEvent(new MessagingEvent.SubscriptionRestarted("orders", "billing"));
            assertThat(value("oncemq.subscriptions", "oncemq.state", "running")).isEqualTo(1);
            assertThat(value("oncemq.deliveries.in.flight")).isEqualTo(FakeSubscription.IN_FLIGHT);
        }
    }

    /** What the documentation promises is what is there: names, types and tags, and no tag that can have any value. */
    @Test
    void everyMeterIsAsDocumentedWhateverHappens() {
        FakeSubscription subscription = new FakeSubscription("orders", "billing");
        subscription.answers(() -> List.of(new Backlog("orders-0", 1, 1)));
        client.subscribed("billing", "billing", subscription);
        await().atMost(Duration.ofSeconds(60)).until(() -> value("oncemq.lag") == 1);
        published(null);
        client.handling("orders", "billing", new FakeDelivery()).ended(null);
        Events.ALL.forEach(client::onEvent);

        Set<String> there = registry.getMeters().stream()
                .filter(meter -> !meter.getId().getName().endsWith(".histogram"))
                .map(meter -> signature(meter.getId().getName(), meter.getId().getType(), tags(meter)))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> documented = Arrays.stream(OnceMqMeter.values())
                .map(each -> signature(each.getName(), each.getType(), names(each.getKeyNames())))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(there).isEqualTo(documented);
    }

    private static String signature(String name, Meter.Type type, Set<String> tags) {
        return name + " " + type + " " + tags;
    }

    private static Set<String> tags(Meter meter) {
        return meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(KeyName[] keys) {
        return Arrays.stream(keys).map(KeyName::asString).collect(Collectors.toCollection(TreeSet::new));
    }
}
