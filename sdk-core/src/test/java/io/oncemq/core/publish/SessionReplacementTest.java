package io.oncemq.core.publish;

import static io.oncemq.core.publish.Rig.assertUnknown;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.core.IntervalFunction;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.MessagingEvent.PublishingResumed;
import io.oncemq.MessagingEvent.PublishingSuspended;
import io.oncemq.Receipt;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionReplacementTest {
    private final Rig rig = new Rig();

    @AfterEach
    void nothingIsLeft() {
        rig.assertNothingIsLeft();
    }

    @Test
    void sendsTheUndecidedSuffixAgainInOrder() {
        for (int i = 1; i <= 5; i++) {
            rig.publish("" + i, "k" + i % 2);
        }
        rig.run();
        FakeBroker.Session first = rig.broker.session();
        first.confirm("1", "3");
        first.swallow("2");
        first.fail();
        rig.run();
        assertThat(first.closed).isTrue();
        rig.publish("6", "k0");
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.sessions).hasSize(2);
        assertThat(rig.broker.session().taken).containsExactly("2", "4", "5", "6");
        assertThat(rig.heard(PublishSessionReplaced.class))
                .singleElement()
                .extracting(PublishSessionReplaced::resent)
                .isEqualTo(3);
    }

    @Test
    void replacesTheSessionThatGaveAMessageUp() {
        rig.publish("1", "k");
        rig.publish("2", "k");
        rig.run();
        rig.broker.session().giveUp("1");
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.sessions).hasSize(2);
        assertThat(rig.broker.session().taken).containsExactly("1", "2");
    }

    @Test
    void opensTheNextSessionOnlyWhenTheLastIsClosed() {
        rig.publish("1", "k");
        rig.run();
        rig.broker.session().fail();
        rig.turn();
        rig.nanos += Duration.ofSeconds(10).toNanos();
        rig.turn();
        assertThat(rig.broker.opens).hasValue(1);
        assertThat(rig.connecting).hasSize(1);
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.opens).hasValue(2);
    }

    @Test
    void takesWhatTheOldSessionConfirmsWhileItCloses() {
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        rig.publish("2", "k");
        rig.run();
        FakeBroker.Session first = rig.broker.session();
        rig.broker.beforeClose = () -> first.confirm("1");
        first.fail();
        rig.pass(Duration.ofSeconds(1));
        assertThat(outcome).isCompleted();
        assertThat(rig.broker.session().taken).containsExactly("2");
    }

    @Test
    void goesOnWhenTheOldSessionThrowsAtClose() {
        rig.publish("1", "k");
        rig.run();
        rig.broker.beforeClose = () -> {
            throw new IllegalStateException("broken");
        };
        rig.broker.session().fail();
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.session().taken).containsExactly("1");
        assertThat(rig.broker.sessions).hasSize(2);
    }

    @Test
    void waitsLongerFromAttemptToAttempt() {
        BackOffs growing = Rig.BACK_OFFS;
        Rig unbroken = new Rig(
                PublishOrder.SESSION_PREFIX,
                new BackOffs(growing.session(), IntervalFunction.of(1), growing.destination()));
        unbroken.broker.beforeOpen = () -> {
            throw new IllegalStateException("no broker");
        };
        unbroken.publish("1", "k");
        unbroken.pass(Duration.ofSeconds(28));
        assertThat(unbroken.broker.opens.get()).isBetween(8, 14);
        unbroken.assertNothingIsLeft();
    }

    @Test
    void replacesASessionThatFailedWhileItOpened() {
        rig.publish("1", "k");
        rig.turn();
        rig.connecting.remove().run();
        rig.broker.session().fail();
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.sessions).hasSize(2);
        assertThat(rig.broker.sessions.get(0).closed).isTrue();
        assertThat(rig.broker.session().taken).containsExactly("1");
    }

    @Test
    void replacesTheSessionOnceForManyExpiredMessages() {
        for (int i = 0; i < 100; i++) {
            rig.publish(Rig.frame("" + i, "k" + i), Duration.ofSeconds(1));
        }
        rig.run();
        CompletableFuture<Receipt> patient = rig.publish("patient", "p");
        rig.run();
        FakeBroker.Session first = rig.broker.session();
        rig.pass(Duration.ofMillis(1_500));
        assertThat(rig.broker.sessions).hasSize(2);
        assertThat(first.closed).isTrue();
        assertThat(rig.broker.session().taken).containsExactly("patient");
        assertThat(patient).isNotDone();
    }

    @Test
    void doesNotReplaceTheSessionForEachMessageThatExpires() {
        IntervalFunction second = IntervalFunction.of(Duration.ofSeconds(1));
        Rig slow = new Rig(PublishOrder.SESSION_PREFIX, new BackOffs(second, IntervalFunction.of(1), second));
        for (int i = 0; i < 20; i++) {
            slow.publish(Rig.frame("" + i, "k" + i), Duration.ofMillis(1_000 + i * 100));
        }
        slow.pass(Duration.ofSeconds(4));
        assertThat(slow.broker.sessions).hasSizeBetween(2, 3);
        slow.assertNothingIsLeft();
    }

    @Test
    void oneDeadPartitionDoesNotSuspendTheOthers() {
        for (int i = 0; i < 400; i++) {
            rig.publish(Rig.frame("dead-" + i, "d" + i), Duration.ofSeconds(1));
            rig.publish("alive-" + i, "a" + i);
            rig.nanos += Duration.ofMillis(20).toNanos();
            rig.run();
            rig.broker.session().confirm(frame -> frame.id().startsWith("alive"));
        }
        assertThat(rig.heard(PublishingSuspended.class)).isEmpty();
        assertThat(rig.broker.sessions).hasSizeBetween(2, 12);
    }

    @Test
    void holdsTheWholeDestinationOfAMessageThatWasNotTaken() {
        rig.broker.refusesToTake = frame -> frame.id().equals("1");
        rig.publish("1", "k");
        rig.publish("2", "k");
        rig.publish(Rig.frame("invoices", "other", "k"), Rig.DEADLINE);
        rig.turn();
        rig.connect();
        rig.turn();
        rig.turn();
        assertThat(rig.broker.session().taken).containsExactly("other");
        rig.broker.refusesToTake = frame -> false;
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.session().taken).containsExactly("other", "1", "2");
        assertThat(rig.broker.sessions).hasSize(1);
    }

    @Test
    void replacesTheSessionThatTookTheNextOfAKeyButNotTheFirst() {
        rig.publish("1", "k");
        rig.publish("2", "k");
        rig.run();
        rig.broker.session().giveBack("1");
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.sessions).hasSize(2);
        assertThat(rig.broker.session().taken).containsExactly("1", "2");
    }

    @Test
    void keepsTheSessionThatGaveBackTheLastOfAKey() {
        rig.publish("1", "k");
        rig.publish("2", "k");
        rig.run();
        rig.broker.session().giveBack("2");
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.sessions).hasSize(1);
        assertThat(rig.broker.session().taken).containsExactly("1", "2");
    }

    @Test
    void suspendsAfterRepeatedFailuresAndResumes() {
        rig.broker.beforeOpen = () -> {
            throw new IllegalStateException("no broker");
        };
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        rig.pass(Duration.ofSeconds(5));
        assertThat(rig.heard(PublishingSuspended.class))
                .singleElement()
                .extracting(PublishingSuspended::destination)
                .isEqualTo("orders");
        assertThat(outcome).isNotDone();
        rig.broker.beforeOpen = () -> null;
        rig.broker.confirmsAtOnce = true;
        rig.pass(Duration.ofSeconds(8));
        assertThat(outcome).isCompleted();
        assertThat(rig.heard(PublishingResumed.class)).hasSize(1);
    }

    @Test
    void opensNoSessionWhileTheBreakerIsOpen() {
        IntervalFunction atOnce = IntervalFunction.of(1);
        Rig impatient = new Rig(
                PublishOrder.SESSION_PREFIX, new BackOffs(atOnce, IntervalFunction.of(Duration.ofSeconds(10)), atOnce));
        impatient.broker.beforeOpen = () -> {
            throw new IllegalStateException("no broker");
        };
        impatient.publish("1", "k");
        impatient.pass(Duration.ofSeconds(9));
        assertThat(impatient.broker.opens).hasValue(3);
        impatient.pass(Duration.ofSeconds(2));
        assertThat(impatient.broker.opens).hasValue(4);
        impatient.assertNothingIsLeft();
    }

    @Test
    void keepsDeadlinesWhileAnOpenBlocks() {
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        rig.turn();
        for (int i = 0; i < 400; i++) {
            rig.nanos += Duration.ofMillis(100).toNanos();
            rig.turn();
        }
        assertThat(rig.connecting).as("the open that never ends").hasSize(1);
        assertThat(Rig.reason(outcome)).isNotNull();
    }

    @Test
    void keepsDeadlinesWhileACloseBlocks() {
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        rig.run();
        rig.broker.session().fail();
        for (int i = 0; i < 400; i++) {
            rig.nanos += Duration.ofMillis(100).toNanos();
            rig.turn();
        }
        assertThat(rig.connecting).as("the close that never ends").hasSize(1);
        assertThat(rig.broker.session().closed).isFalse();
        assertUnknown(outcome);
    }

    @Test
    void closesASessionThatOpensAfterTheEnd() {
        rig.publish("1", "k");
        rig.turn();
        rig.sender.end();
        rig.connect();
        assertThat(rig.broker.session().closed).isTrue();
    }
}
