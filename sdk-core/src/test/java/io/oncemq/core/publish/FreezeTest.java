package io.oncemq.core.publish;

import static io.oncemq.core.publish.Rig.assertUnknown;
import static io.oncemq.core.publish.Rig.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FreezeTest {
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final Rig rig = new Rig();

    @AfterEach
    void nothingIsLeft() {
        rig.assertNothingIsLeft();
    }

    /** Ends the message unknown, and its session with it. */
    private void lose(String id, String key) {
        CompletableFuture<Receipt> outcome = rig.publish(Rig.frame(id, key), SHORT);
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(outcome);
    }

    private CompletableFuture<Receipt> publishAndConfirm(String id, String key) {
        CompletableFuture<Receipt> outcome = rig.publish(id, key);
        rig.run();
        rig.pass(Duration.ofSeconds(1));
        rig.broker.session().confirm(id);
        rig.run();
        return outcome;
    }

    @Test
    void aFrozenKeyTakesNoLaterMessage() {
        lose("1", "k");
        CompletableFuture<Receipt> later = rig.publish("2", "k");
        rig.run();
        assertThat(reason(later)).isEqualTo(Reason.KEY_FROZEN);
    }

    @Test
    void otherKeysAndOtherDestinationsGoOn() {
        lose("1", "k");
        assertThat(publishAndConfirm("2", "j")).isCompleted();
        CompletableFuture<Receipt> elsewhere = rig.publish(Rig.frame("invoices", "3", "k"), Rig.DEADLINE);
        rig.run();
        rig.broker.session().confirm("3");
        rig.run();
        assertThat(elsewhere).isCompleted();
    }

    @Test
    void whatWasHandedOverBehindEndsUnknownAndWhatWasNotEndsFrozen() {
        CompletableFuture<Receipt> first = rig.publish(Rig.frame("1", "k"), SHORT);
        CompletableFuture<Receipt> second = rig.publish("2", "k");
        rig.run();
        rig.broker.session().listener().writable(false);
        CompletableFuture<Receipt> third = rig.publish("3", "k");
        CompletableFuture<Receipt> other = rig.publish("4", "j");
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(first);
        assertUnknown(second);
        assertThat(reason(third)).isEqualTo(Reason.KEY_FROZEN);
        assertThat(other).isNotDone();
    }

    @Test
    void publishingTheSameIdAgainThawsTheKeyOnceItIsConfirmed() {
        lose("1", "k");
        assertThat(publishAndConfirm("1", "k")).isCompleted();
        assertThat(publishAndConfirm("2", "k")).isCompleted();
        assertThat(rig.freezes.any()).isFalse();
    }

    @Test
    void theKeyStaysFrozenUntilTheRepublishIsConfirmed() {
        lose("1", "k");
        CompletableFuture<Receipt> again = rig.publish("1", "k");
        CompletableFuture<Receipt> later = rig.publish("2", "k");
        CompletableFuture<Receipt> twice = rig.publish("1", "k");
        rig.run();
        assertThat(again).isNotDone();
        assertThat(reason(later)).isEqualTo(Reason.KEY_FROZEN);
        assertUnknown(twice);
    }

    @Test
    void unresolvedIdsAreResolvedInTheirOrder() {
        CompletableFuture<Receipt> first = rig.publish(Rig.frame("1", "k"), SHORT);
        rig.publish(Rig.frame("2", "k"), SHORT);
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(first);
        CompletableFuture<Receipt> secondTooEarly = rig.publish("2", "k");
        rig.run();
        assertUnknown(secondTooEarly);
        assertThat(publishAndConfirm("1", "k")).isCompleted();
        CompletableFuture<Receipt> later = rig.publish("3", "k");
        rig.run();
        assertThat(reason(later)).isEqualTo(Reason.KEY_FROZEN);
        assertThat(publishAndConfirm("2", "k")).isCompleted();
        assertThat(publishAndConfirm("3", "k")).isCompleted();
    }

    @Test
    void aMessageAheadWithALongerDeadlineKeepsItsPlaceAmongTheUnresolved() {
        CompletableFuture<Receipt> ahead = rig.publish(Rig.frame("1", "k"), Duration.ofSeconds(5));
        CompletableFuture<Receipt> behind = rig.publish(Rig.frame("2", "k"), SHORT);
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(behind);
        assertThat(ahead).isNotDone();
        rig.pass(Duration.ofSeconds(4));
        assertUnknown(ahead);
        CompletableFuture<Receipt> secondTooEarly = rig.publish("2", "k");
        rig.run();
        assertUnknown(secondTooEarly);
        assertThat(publishAndConfirm("1", "k")).isCompleted();
        assertThat(publishAndConfirm("2", "k")).isCompleted();
    }

    @Test
    void aRepublishThatWasNotTakenLeavesTheIdUnknownAndMayBeRepeated() {
        lose("1", "k");
        rig.broker.session().listener().writable(false);
        CompletableFuture<Receipt> again = rig.publish(Rig.frame("1", "k"), SHORT);
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(again);
        rig.broker.session().listener().writable(true);
        assertThat(publishAndConfirm("1", "k")).isCompleted();
    }

    @Test
    void aRefusedRepublishLeavesTheIdUnknown() {
        lose("1", "k");
        CompletableFuture<Receipt> again = rig.publish("1", "k");
        rig.pass(Duration.ofSeconds(1));
        rig.broker.session().reject("1", Reason.REFUSED);
        rig.run();
        assertUnknown(again);
        assertThat(rig.freezes.abandon("orders", "1")).isTrue();
    }

    @Test
    void abandoningThawsTheKey() {
        lose("1", "k");
        assertThat(rig.freezes.abandon("invoices", "1")).isFalse();
        assertThat(rig.freezes.abandon("orders", "1")).isTrue();
        assertThat(rig.freezes.abandon("orders", "1")).isFalse();
        assertThat(publishAndConfirm("2", "k")).isCompleted();
    }

    @Test
    void abandoningOneOfTwoKeepsTheKeyFrozen() {
        rig.publish(Rig.frame("1", "k"), SHORT);
        rig.publish(Rig.frame("2", "k"), SHORT);
        rig.pass(Duration.ofSeconds(2));
        assertThat(rig.freezes.abandon("orders", "1")).isTrue();
        CompletableFuture<Receipt> later = rig.publish("3", "k");
        rig.run();
        assertThat(reason(later)).isEqualTo(Reason.KEY_FROZEN);
        assertThat(publishAndConfirm("2", "k")).isCompleted();
    }

    @Test
    void aMessageWithoutKeyFreezesNothing() {
        lose("1", null);
        assertThat(rig.freezes.any()).isFalse();
        assertThat(rig.freezes.abandon("orders", "1")).isFalse();
        assertThat(publishAndConfirm("2", null)).isCompleted();
    }

    @Test
    void theKeyIsFrozenBeforeItsFutureEnds() {
        CompletableFuture<Receipt> outcome = rig.publish(Rig.frame("1", "k"), SHORT);
        boolean[] frozen = new boolean[1];
        outcome.whenComplete((receipt, failure) -> frozen[0] = rig.freezes.any());
        rig.pass(Duration.ofSeconds(2));
        assertThat(frozen[0]).isTrue();
    }

    @Test
    void theKeyIsThawedBeforeItsFutureEnds() {
        lose("1", "k");
        CompletableFuture<Receipt> again = rig.publish("1", "k");
        boolean[] frozen = {true};
        again.whenComplete((receipt, failure) -> frozen[0] = rig.freezes.any());
        rig.pass(Duration.ofSeconds(1));
        rig.broker.session().confirm("1");
        rig.run();
        assertThat(frozen[0]).isFalse();
    }

    @Test
    void oneIdUnderTwoKeysIsGivenUpForBothAndForgottenForTheOneThatIsConfirmed() {
        rig.freezes.hold(Rig.frame("1", "j"), 1);
        rig.freezes.hold(Rig.frame("1", "k"), 2);
        rig.freezes.hold(Rig.frame("1", "k"), 3);
        rig.freezes.resolved(Rig.frame("1", "j"));
        assertThat(rig.freezes.keys("orders")).isEqualTo(1);
        rig.freezes.hold(Rig.frame("1", "j"), 4);
        assertThat(rig.freezes.abandon("orders", "1")).isTrue();
        assertThat(rig.freezes.any()).isFalse();
        assertThat(rig.freezes.abandon("orders", "1")).isFalse();
    }

    @Test
    void givingUpCostsTheSameWithManyBlockedKeys() {
        int many = Freezes.MOST_KEYS;
        for (int i = 0; i < many; i++) {
            rig.freezes.hold(Rig.frame("" + i, "k" + i), i + 1);
        }
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (int i = 0; i < many; i++) {
                assertThat(rig.freezes.abandon("orders", "none-" + i)).isFalse();
            }
        });
        for (int i = 0; i < many; i++) {
            rig.freezes.resolved(Rig.frame("" + i, "k" + i));
        }
        assertThat(rig.freezes.any()).isFalse();
    }
}
