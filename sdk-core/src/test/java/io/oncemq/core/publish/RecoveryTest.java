package io.oncemq.core.publish;

import static io.oncemq.core.publish.Rig.assertUnknown;
import static io.oncemq.core.publish.Rig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessagingEvent.KeysBlocked;
import io.oncemq.MessagingEvent.KeysUnblocked;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What failed in an outage is published again by one call, each key in its order. */
class RecoveryTest {
    private static final int KEYS = 5;
    private static final Duration SHORT = Duration.ofSeconds(1);

    private Rig rig = new Rig();

    private static String key(int message) {
        return "k" + message % KEYS;
    }

    private static OutboundFrame frame(String id) {
        return Rig.frame(id, key(Integer.parseInt(id)));
    }

    private CompletableFuture<Receipt> publish(int message) {
        return rig.publish(frame("" + message), SHORT);
    }

    /** The first 20 messages are handed over and get no answer, the other 20 are refused after them. */
    private List<CompletableFuture<Receipt>> outage() {
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();
        IntStream.range(0, 20).forEach(i -> outcomes.add(publish(i)));
        rig.run();
        rig.broker.session().swallow("0", "1", "2", "3", "4", "5");
        rig.broker.session().listener().writable(false);
        IntStream.range(20, 40).forEach(i -> outcomes.add(publish(i)));
        rig.pass(Duration.ofSeconds(3));
        assertThat(outcomes).allMatch(CompletableFuture::isCompletedExceptionally);
        return outcomes;
    }

    private List<CompletableFuture<Receipt>> shuffledAndRepublished(List<CompletableFuture<Receipt>> outcomes) {
        Collections.shuffle(outcomes, new Random(7));
        return rig.republish(outcomes, RecoveryTest::frame, SHORT);
    }

    private void heal() {
        rig.broker.confirmsAtOnce = true;
        rig.broker.session().confirm();
        rig.pass(Duration.ofSeconds(1));
    }

    /** First copies only: a message that was stored in the outage may be stored once more. */
    private void assertOrderPerKey() {
        for (int key = 0; key < KEYS; key++) {
            int ofKey = key;
            List<Integer> stored = rig.broker.storedIds().stream()
                    .map(Integer::valueOf)
                    .filter(id -> id % KEYS == ofKey)
                    .distinct()
                    .toList();
            assertThat(stored).isSorted();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneCallResolvesEveryKeyInOrder(PublishOrder order) {
        rig = new Rig(order);
        List<CompletableFuture<Receipt>> outcomes = outage();
        assertThat(rig.freezes.keys("orders")).isEqualTo(KEYS);
        assertThat(rig.heard(KeysBlocked.class)).contains(new KeysBlocked("orders", KEYS));
        assertThat(rig.heard(KeysUnblocked.class)).isEmpty();
        List<CompletableFuture<Receipt>> again = shuffledAndRepublished(outcomes);
        heal();
        assertThat(again).allMatch(outcome -> outcome.isDone() && !outcome.isCompletedExceptionally());
        assertThat(Set.copyOf(rig.broker.storedIds())).hasSize(40);
        assertOrderPerKey();
        assertThat(rig.freezes.keys("orders")).isZero();
        assertThat(rig.heard(KeysUnblocked.class)).containsExactly(new KeysUnblocked("orders"));
        rig.assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void aSecondFailureIsResolvedBySecondCall(PublishOrder order) {
        rig = new Rig(order);
        List<CompletableFuture<Receipt>> again = shuffledAndRepublished(outage());
        rig.pass(Duration.ofSeconds(3));
        assertThat(again).allMatch(CompletableFuture::isCompletedExceptionally);
        List<CompletableFuture<Receipt>> third = shuffledAndRepublished(again);
        heal();
        assertThat(third).allMatch(outcome -> outcome.isDone() && !outcome.isCompletedExceptionally());
        assertOrderPerKey();
        assertThat(rig.freezes.any()).isFalse();
        rig.assertNothingIsLeft();
    }

    @Test
    void messagesAfterAMissingUnknownOneAreNotTaken() {
        List<CompletableFuture<Receipt>> outcomes = outage();
        CompletableFuture<Receipt> firstOfKey3 = outcomes.remove(3);
        List<CompletableFuture<Receipt>> again = rig.republish(outcomes, RecoveryTest::frame, SHORT);
        heal();
        assertUnknown(firstOfKey3);
        assertThat(again.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(7);
        assertThat(rig.broker.storedIds()).doesNotContain("8", "23", "38");
        assertThat(rig.freezes.keys("orders")).isEqualTo(1);
        rig.republish(List.of(firstOfKey3), RecoveryTest::frame, SHORT);
        rig.republish(again, RecoveryTest::frame, SHORT);
        heal();
        assertOrderPerKey();
        assertThat(rig.freezes.any()).isFalse();
        rig.assertNothingIsLeft();
    }

    @Test
    void aNewMessageOfABlockedKeyIsRefusedUntilTheUnknownOnesAreConfirmed() {
        List<CompletableFuture<Receipt>> again = shuffledAndRepublished(outage());
        CompletableFuture<Receipt> early = publish(40);
        rig.turn();
        assertThat(reason(early)).isEqualTo(Reason.KEY_FROZEN);
        heal();
        assertThat(again).allMatch(outcome -> outcome.isDone() && !outcome.isCompletedExceptionally());
        rig.republish(List.of(early), RecoveryTest::frame, SHORT);
        publish(45);
        heal();
        assertOrderPerKey();
        assertThat(rig.broker.storedIds()).endsWith("40", "45");
        rig.assertNothingIsLeft();
    }

    @Test
    void noMessageOfAKeyIsTakenAfterAnEarlierOneOfTheRecoveryHasFailed() {
        Recovery recovery = new Recovery(List.of(frame("0"), frame("5"), frame("1")));
        rig.broker.beforeOpen = () -> {
            throw new IllegalStateException("unreachable");
        };
        CompletableFuture<Receipt> first = rig.submit(frame("0"), SHORT, recovery);
        rig.pass(Duration.ofSeconds(2));
        CompletableFuture<Receipt> second = rig.submit(frame("5"), SHORT, recovery);
        CompletableFuture<Receipt> other = rig.submit(frame("1"), Duration.ofMinutes(1), recovery);
        rig.turn();
        assertThat(reason(first)).isEqualTo(Reason.NOT_ATTEMPTED);
        assertThat(reason(second)).isEqualTo(Reason.KEY_FROZEN);
        assertThat(other).isNotDone();
        rig.assertNothingIsLeft();
    }

    @Test
    void aKeyStaysBlockedForOthersUntilAllMessagesOfTheRecoveryHaveCome() {
        CompletableFuture<Receipt> unknown = publish(0);
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(unknown);
        CompletableFuture<Receipt> refused = publish(5);
        rig.run();
        assertThat(reason(refused)).isEqualTo(Reason.KEY_FROZEN);
        Recovery recovery = new Recovery(List.of(frame("0"), frame("5")));
        rig.freezes.reserve(recovery);
        rig.broker.confirmsAtOnce = true;
        rig.submit(frame("0"), Rig.DEADLINE, recovery);
        rig.pass(Duration.ofSeconds(5));
        assertThat(rig.broker.storedIds()).containsExactly("0");
        CompletableFuture<Receipt> early = publish(10);
        rig.run();
        assertThat(reason(early)).isEqualTo(Reason.KEY_FROZEN);
        rig.submit(frame("5"), Rig.DEADLINE, recovery);
        publish(10);
        rig.run();
        assertThat(rig.broker.storedIds()).containsExactly("0", "5", "10");
        assertThat(rig.freezes.keys("orders")).isZero();
        rig.assertNothingIsLeft();
    }

    @Test
    void confirmedAndOpenOutcomesStayAsTheyAre() {
        rig.broker.confirmsAtOnce = true;
        CompletableFuture<Receipt> confirmed = publish(1);
        rig.run();
        rig.broker.confirmsAtOnce = false;
        CompletableFuture<Receipt> open = publish(2);
        CompletableFuture<Receipt> cancelled = publish(3);
        rig.run();
        cancelled.cancel(true);
        List<CompletableFuture<Receipt>> same = List.of(confirmed, open, cancelled);
        assertThat(rig.republish(same, RecoveryTest::frame, SHORT)).containsExactlyElementsOf(same);
        rig.pass(Duration.ofSeconds(2));
        assertThat(rig.republish(same, RecoveryTest::frame, SHORT).get(2))
                .as("its real outcome counts, not the cancellation")
                .isNotSameAs(cancelled);
        heal();
        assertThat(rig.broker.storedIds()).containsExactly("1", "2", "3");
        rig.assertNothingIsLeft();
    }

    @Test
    void futuresThatDependOnFailedOnesCountAsThem() {
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();
        outage().forEach(outcome ->
                outcomes.add(outcome.thenApply(receipt -> receipt).thenApply(receipt -> receipt)));
        List<CompletableFuture<Receipt>> again = shuffledAndRepublished(outcomes);
        heal();
        assertThat(again).allMatch(outcome -> outcome.isDone() && !outcome.isCompletedExceptionally());
        assertOrderPerKey();
        rig.assertNothingIsLeft();
    }

    @Test
    void anUnknownMessageWithoutAKeyStaysUnknownWhileTheBrokerIsUnreachable() {
        CompletableFuture<Receipt> first = rig.publish(Rig.frame("1", null), SHORT);
        rig.run();
        rig.broker.session().swallow("1");
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(first);
        rig.broker.beforeOpen = () -> {
            throw new IllegalStateException("unreachable");
        };
        rig.broker.session().fail();
        CompletableFuture<Receipt> again = rig.publish(Rig.frame("1", null), SHORT);
        CompletableFuture<Receipt> other = rig.publish(Rig.frame("2", null), SHORT);
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(again);
        assertThat(reason(other)).isEqualTo(Reason.NOT_ATTEMPTED);
        rig.broker.beforeOpen = () -> null;
        rig.broker.confirmsAtOnce = true;
        CompletableFuture<Receipt> third = rig.publish(Rig.frame("1", null), Rig.DEADLINE);
        rig.pass(Duration.ofSeconds(10));
        assertThat(third).isCompleted();
        assertThat(rig.freezes.anyUnknown()).isFalse();
        rig.assertNothingIsLeft();
    }
}
