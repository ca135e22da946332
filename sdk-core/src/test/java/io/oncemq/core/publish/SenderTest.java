package io.oncemq.core.publish;

import static io.oncemq.core.publish.Rig.assertUnknown;
import static io.oncemq.core.publish.Rig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingEvent.PublishUnknown;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The outcome of single messages. */
class SenderTest {
    private final Rig rig = new Rig();

    @AfterEach
    void nothingIsLeft() {
        rig.assertNothingIsLeft();
    }

    @Test
    void confirmsWithTheBrokersPosition() {
        CompletableFuture<Receipt> first = rig.publish("1", "k");
        CompletableFuture<Receipt> second = rig.publish("2", "k");
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("1", "2");
        assertThat(first).isNotDone();
        rig.broker.session().confirm();
        rig.run();
        assertThat(first.join()).isEqualTo(new Receipt("1", "orders", new Position("0", 0)));
        assertThat(second.join().position().offset()).isOne();
    }

    @Test
    void opensNoSessionBeforeThereIsSomethingToSend() {
        rig.run();
        assertThat(rig.broker.opens).hasValue(0);
    }

    @Test
    void reportsTheBrokersNoAndGoesOn() {
        CompletableFuture<Receipt> first = rig.publish("1", "k");
        CompletableFuture<Receipt> second = rig.publish("2", "k");
        rig.run();
        rig.broker.session().reject("1", Reason.TOO_LARGE);
        rig.broker.session().confirm();
        rig.run();
        assertThat(reason(first)).isEqualTo(Reason.TOO_LARGE);
        assertThat(second).isCompleted();
        assertThat(rig.broker.sessions).hasSize(1);
    }

    @Test
    void rejectsAtTheDeadlineWhatNoSessionTook() {
        rig.broker.beforeOpen = () -> {
            throw new IllegalStateException("no broker");
        };
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        rig.pass(Duration.ofSeconds(29));
        assertThat(outcome).isNotDone();
        rig.pass(Duration.ofSeconds(2));
        assertThat(reason(outcome)).isEqualTo(Reason.NOT_ATTEMPTED);
        assertThat(rig.freezes.any()).isFalse();
    }

    @Test
    void endsUnknownAtTheDeadlineWhatASessionTook() {
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        rig.pass(Duration.ofSeconds(29));
        assertThat(outcome).isNotDone();
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(outcome);
        assertThat(rig.heard(PublishUnknown.class)).containsExactly(new PublishUnknown("orders", "1", "k"));
    }

    @Test
    void endsUnknownAtTheDeadlineWhatOnlyAnEarlierSessionTook() {
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        rig.run();
        rig.broker.beforeOpen = () -> {
            throw new IllegalStateException("no broker");
        };
        rig.broker.session().fail();
        rig.pass(Duration.ofSeconds(31));
        assertUnknown(outcome);
    }

    @Test
    void keepsEachDeadlineWhenTheyDiffer() {
        CompletableFuture<Receipt> slow = rig.publish(Rig.frame("1", null), Duration.ofSeconds(20));
        CompletableFuture<Receipt> fast = rig.publish(Rig.frame("2", null), Duration.ofSeconds(1));
        CompletableFuture<Receipt> middle = rig.publish(Rig.frame("3", null), Duration.ofSeconds(5));
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(fast);
        assertThat(middle).isNotDone();
        rig.pass(Duration.ofSeconds(4));
        assertUnknown(middle);
        assertThat(slow).isNotDone();
        rig.pass(Duration.ofSeconds(15));
        assertUnknown(slow);
    }

    @Test
    void takesAConfirmationFromASessionLongReplaced() {
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        rig.run();
        FakeBroker.Session first = rig.broker.session();
        Object context = first.context("1");
        first.fail();
        rig.pass(Duration.ofSeconds(1));
        first.listener().confirmed(context, new Position("0", 7));
        rig.run();
        assertThat(outcome.join().position().offset()).isEqualTo(7);
    }

    @Test
    void ignoresARefusalFromASessionLongReplaced() {
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        rig.run();
        FakeBroker.Session first = rig.broker.session();
        Object context = first.context("1");
        first.fail();
        rig.pass(Duration.ofSeconds(1));
        first.listener().rejected(context, Reason.REFUSED, new IllegalStateException());
        first.listener().notSent(context, new IllegalStateException());
        first.fail();
        rig.run();
        assertThat(outcome).isNotDone();
        assertThat(rig.broker.sessions).hasSize(2);
        rig.broker.session().confirm();
        rig.run();
        assertThat(outcome).isCompleted();
    }

    @Test
    void doesNotCallARefusalCertainWhenAnEarlierSessionMayHaveStoredTheMessage() {
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        CompletableFuture<Receipt> behind = rig.publish("2", "k");
        rig.run();
        rig.broker.session().fail();
        rig.pass(Duration.ofSeconds(1));
        rig.broker.session().reject("1", Reason.UNAUTHORIZED);
        rig.run();
        assertUnknown(outcome);
        assertUnknown(behind);
    }

    @Test
    void pausesWhileTheBrokerAsksForIt() {
        rig.publish("1", "k");
        rig.run();
        rig.broker.session().listener().writable(false);
        rig.publish("2", "k");
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("1");
        rig.broker.session().listener().writable(true);
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("1", "2");
    }

    @Test
    void endsTruthfullyWhatIsOpenWhenItEnds() {
        CompletableFuture<Receipt> taken = rig.publish("1", "k");
        rig.run();
        CompletableFuture<Receipt> untouched = rig.publish("2", "j");
        rig.sender.end();
        rig.outcomes.drain();
        assertUnknown(taken);
        assertThat(reason(untouched)).isEqualTo(Reason.NOT_ATTEMPTED);
    }

    @Test
    void keepsNothingOfFinishedMessagesBehindOneThatHangs() {
        rig.publish("stuck", "k");
        for (int i = 0; i < 20_000; i++) {
            String id = "m" + i;
            rig.publish(id, null);
            rig.turn();
            rig.connect();
            if (i > 0) {
                rig.broker.session().confirm(id);
            }
        }
        rig.run();
        assertThat(rig.sender.openMessages()).isLessThan(5_000);
        assertThat(rig.broker.session().taken.get(0)).isEqualTo("stuck");
    }

    @Test
    void flushesTheSessionOnceAllIsHandedOver() {
        rig.publish("1", "k");
        CompletableFuture<Void> flushed = rig.sender.flush(rig.budget);
        rig.run();
        assertThat(rig.broker.session().flushes).isOne();
        assertThat(flushed).isNotDone();
        rig.publish("2", "k");
        rig.run();
        rig.broker.session().confirm("1");
        rig.run();
        assertThat(flushed).isCompleted();
    }

    @Test
    void aFlushWaitsForFuturesThatAreDecidedButNotYetComplete() {
        CompletableFuture<Receipt> outcome = rig.publish("1", "k");
        rig.run();
        rig.broker.session().confirm();
        rig.sender.turn();
        CompletableFuture<Void> flushed = rig.sender.flush(rig.budget);
        rig.sender.turn();
        assertThat(flushed).isNotDone();
        rig.outcomes.drain();
        assertThat(outcome).isCompleted();
        assertThat(flushed).isCompleted();
    }

    @Test
    void aFlushWaitsForTheMessagesOfItsOwnBudgetOnly() {
        rig.publish("1", "k");
        CompletableFuture<Void> flushed = rig.sender.flush(new InFlightBudget(1, 1));
        rig.run();
        assertThat(flushed).isCompleted();
    }
}
