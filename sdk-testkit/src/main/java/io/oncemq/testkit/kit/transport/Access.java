package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.oncemq.AuthenticationException;
import io.oncemq.Codecs;
import io.oncemq.DestinationSpec;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingEvent.AccessRefused;
import io.oncemq.MessagingEvent.AccessRegained;
import io.oncemq.MessagingEvent.DeadLetterDelayed;
import io.oncemq.MessagingEvent.DeadLettered;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.PublisherOptions;
import io.oncemq.RetryPolicy;
import io.oncemq.Subscription;
import io.oncemq.Subscription.State;
import io.oncemq.testkit.kit.transport.Right.Use;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class Access extends Scenario {
    private static final String PASSWORD = "word-1";
    private static final String BAD = "bad";

    /** So that a broker that looks at connections only can refuse the next one. */
    private static final Duration BETWEEN_RESETS = Duration.ofSeconds(3);

    private static final PublisherOptions PROMPT =
            PublisherOptions.builder().deadline(Duration.ofSeconds(30)).build();

    Access(TransportKit kit) {
        super(kit);
    }

    private GuardedBroker broker() {
        return fixture.guarded().orElseThrow();
    }

    @Test
    @NeedsGuard
    @DisplayName(
            "S10 a user who lacks one right does what needs another, gets an error that names the refusing destination, and loses nothing")
    final void aMissingRightStopsWhatNeedsItAndIsNamed() {
        broker().rights().forEach(this::lacksOne);
    }

    private void lacksOne(Right right) {
        String user = "lacks-" + UUID.randomUUID();
        String orders = "kit-" + UUID.randomUUID();
        broker().allow(user, PASSWORD, orders, GROUP);
        broker().deny(user, orders, GROUP, right);
        Guest guest = new Guest(user, right.name());
        // Before anything is there: who finds all that is asked for needs no right to create it.
        if (right.needed().contains(Use.ENSURE)) {
            assertNames(right, orders, catchThrowable(() -> guest.client.ensure(spec(orders))));
        }
        ensure(orders);
        byOperator(orders, BAD);
        byOperator(orders, "good-" + right.name());
        String own = "own-" + right.name();
        publishes(guest, orders, right, own);
        consumes(guest, orders, right);
        broker().allow(user, PASSWORD, orders, GROUP);
        guest.consumeAgain(orders);
        await().until(() -> guest.failure(orders, own) == null);
        awaitHandled("good-" + right.name(), own);
        await().untilAsserted(() -> assertThat(guest.log.of(DeadLettered.class)).hasSize(1));
        if (right.needed().contains(Use.ENSURE)) {
            guest.client.ensure(spec(orders));
        }
        assertThat(effects.repeated()).isEmpty();
        guest.client.close();
    }

    private static void publishes(Guest guest, String orders, Right right, String id) {
        Throwable outcome = guest.failure(orders, id);
        if (right.needed().contains(Use.PUBLISH)) {
            assertThat(outcome)
                    .as(right.name())
                    .isInstanceOfSatisfying(
                            PublishRejectedException.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.UNAUTHORIZED))
                    .hasStackTraceContaining(orders);
        } else {
            assertThat(outcome).as(right.name()).isNull();
        }
    }

    private void consumes(Guest guest, String orders, Right right) {
        Throwable refusal = catchThrowable(() -> guest.consume(orders));
        if (right.needed().contains(Use.CONSUME) || right.needed().contains(Use.START)) {
            assertNames(right, orders, refusal == null ? awaitRefusal(guest) : refusal);
            assertThat(effects.all()).extracting(Effect::consumer).doesNotContain(right.name());
        } else {
            assertThat(refusal).as(right.name()).isNull();
            awaitHandled("good-" + right.name());
            if (right.needed().contains(Use.DEAD_LETTER)) {
                await().untilAsserted(() ->
                        assertThat(guest.log.of(DeadLetterDelayed.class)).isNotEmpty());
                assertThat(guest.log.of(DeadLettered.class)).as(right.name()).isEmpty();
            }
        }
    }

    /** What its subscription failed with, or the failure that was reported while it waits. */
    private Throwable awaitRefusal(Guest guest) {
        await().until(() -> guest.subscription().state() == State.FAILED
                || !guest.log.of(AccessRefused.class).isEmpty());
        return guest.subscription()
                .failure()
                .orElseGet(() -> guest.log.of(AccessRefused.class).get(0).cause());
    }

    private static void assertNames(Right right, String destination, Throwable refusal) {
        assertThat(refusal)
                .as(right.name())
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining(destination);
    }

    @Test
    @NeedsGuard
    @DisplayName("S10 a right that is taken away from a running subscription stops it, ends nothing, and loses nothing")
    final void aRightThatIsTakenAwayPausesItsSubscription() {
        broker().rights().stream()
                .filter(right -> right.needed().contains(Use.CONSUME))
                .forEach(this::losesOne);
    }

    private void losesOne(Right right) {
        String user = "loses-" + UUID.randomUUID();
        String orders = guarded(user);
        Guest guest = new Guest(user, right.name());
        guest.consume(orders);
        List<String> ids = Stream.of("before", "while", "after")
                .map(each -> each + "-" + right.name())
                .toList();
        byOperator(orders, ids.get(0));
        awaitHandled(ids.get(0));
        broker().deny(user, orders, GROUP, right);
        awaitRefused(guest);
        byOperator(orders, ids.get(1));
        assertThat(guest.subscription().state()).as(right.name()).isEqualTo(State.RUNNING);
        broker().allow(user, PASSWORD, orders, GROUP);
        byOperator(orders, ids.get(2));
        await().untilAsserted(
                        () -> assertThat(guest.log.of(AccessRegained.class)).isNotEmpty());
        awaitHandled(ids.get(2));
        assertThat(effects.all().stream()
                        .filter(each -> each.consumer().equals(right.name()))
                        .map(Effect::id))
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(guest.subscription().state()).as(right.name()).isEqualTo(State.RUNNING);
        guest.client.close();
    }

    @Test
    @NeedsGuard
    @DisplayName(
            "S13 an active and a standby member wait for a password that is being changed; the standby one takes over afterwards")
    final void aStandbyMemberLivesThroughAChangeOfThePassword() {
        String user = "member-" + UUID.randomUUID();
        String orders = guarded(user);
        Guest one = new Guest(user, "one");
        one.consume(orders);
        byOperator(orders, "first");
        awaitHandled("first");
        Guest two = new Guest(user, "two");
        two.consume(orders);
        await().until(() -> broker().members(orders, GROUP) == 2);
        byOperator(orders, "joined");
        awaitHandled("joined");
        Guest active = effects.all().get(1).consumer().equals("one") ? one : two;
        Guest standby = active == one ? two : one;
        broker().changePassword(user, "word-2");
        awaitRefused(active);
        awaitRefused(standby);
        byOperator(orders, "while");
        assertThat(standby.subscription().state()).isEqualTo(State.RUNNING);
        broker().changePassword(user, PASSWORD);
        for (Guest each : List.of(active, standby)) {
            await().untilAsserted(
                            () -> assertThat(each.log.of(AccessRegained.class)).isNotEmpty());
        }
        awaitHandled("while");
        active.client.close();
        byOperator(orders, "taken over");
        awaitHandled("taken over");
        assertThat(effects.ids()).containsExactly("first", "joined", "while", "taken over");
        assertThat(standby.subscription().state()).isEqualTo(State.RUNNING);
    }

    /** Breaks connections until the broker has refused the next one. */
    private void awaitRefused(Guest guest) {
        await().pollDelay(Duration.ZERO).pollInterval(BETWEEN_RESETS).until(() -> {
            boolean refused = !guest.log.of(AccessRefused.class).isEmpty();
            if (!refused) {
                broker().closeConnections();
            }
            return refused;
        });
    }

    /** A fresh destination of one partition with dead letters, and a user who may do all with it. */
    private String guarded(String user) {
        String orders = "kit-" + UUID.randomUUID();
        ensure(orders);
        broker().allow(user, PASSWORD, orders, GROUP);
        return orders;
    }

    private static DestinationSpec spec(String destination) {
        return DestinationSpec.builder(destination).partitions(1).group(GROUP).build();
    }

    private void ensure(String destination) {
        try (MessagingClient operator = client(broker().operator(), new EventLog())) {
            operator.ensure(spec(destination));
        }
    }

    private void byOperator(String destination, String id) {
        try (MessagingClient operator = client(broker().operator(), new EventLog())) {
            operator.publisher(destination, Codecs.string(), PATIENT)
                    .publish(message(id, id))
                    .join();
        }
    }

    /** A client of a user with at most one subscription, whose effects have a name. */
    private final class Guest {
        final EventLog log = new EventLog();
        final MessagingClient client;
        private final String name;
        private @Nullable Subscription subscription;

        Guest(String user, String name) {
            this.name = name;
            this.client = Access.this.client(broker().user(user, PASSWORD), log);
        }

        Subscription subscription() {
            return Objects.requireNonNull(subscription);
        }

        void consume(String destination) {
            subscription = client.subscription(destination, Codecs.string())
                    .group(GROUP)
                    .retry(RetryPolicy.none())
                    .handler(effects.by(name, delivery -> {
                        if (BAD.equals(delivery.body())) {
                            throw new IllegalStateException("never handled");
                        }
                    }))
                    .start();
        }

        /** If the start was refused, or the subscription has ended. */
        void consumeAgain(String destination) {
            if (subscription == null) {
                consume(destination);
            } else if (subscription.state() == State.FAILED) {
                subscription.restart();
            }
        }

        /** What became of a message, null if it was confirmed. */
        @Nullable
        Throwable failure(String destination, String id) {
            return client.publisher(destination, Codecs.string(), PROMPT)
                    .publish(message(id, id))
                    .handle((receipt, failure) -> failure)
                    .join();
        }
    }
}
