package io.oncemq.core.publish;

import static io.oncemq.core.publish.Rig.assertUnknown;
import static io.oncemq.core.publish.Rig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishOrder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OnePerKeyTest {
    private final Rig rig = new Rig(PublishOrder.ONE_PER_KEY);

    @AfterEach
    void nothingIsLeft() {
        rig.assertNothingIsLeft();
    }

    @Test
    void handsOverTheNextOfAKeyWhenTheFirstIsConfirmed() {
        rig.publish("1", "k");
        rig.publish("2", "k");
        rig.publish("3", "j");
        rig.publish("4", null);
        rig.publish("5", null);
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("1", "3", "4", "5");
        rig.broker.session().confirm("1");
        rig.run();
        assertThat(rig.broker.session().taken).endsWith("2");
    }

    @Test
    void handsOverTheNextOfAKeyWhenTheFirstIsRefused() {
        CompletableFuture<Receipt> first = rig.publish("1", "k");
        rig.publish("2", "k");
        rig.run();
        rig.broker.session().reject("1", Reason.REFUSED);
        rig.run();
        assertThat(reason(first)).isEqualTo(Reason.REFUSED);
        assertThat(rig.broker.session().taken).containsExactly("1", "2");
    }

    /** S10: one broker of several is unreachable, and the keys of the others do not notice. */
    @Test
    void aPartitionThatTakesNothingHoldsItsOwnKeysAlone() {
        int partitions = 4;
        rig.publish("first", "k0");
        rig.run();
        rig.broker.session().tellShards(partitions);
        rig.broker.session().confirm("first");
        int unreachable = KeyHash.place(KeyHash.of("k0"), partitions);
        Predicate<OutboundFrame> isThere =
                frame -> frame.key() == null || KeyHash.place(frame.keyHash(), partitions) != unreachable;
        rig.broker.refusesToTake = isThere.negate();
        for (int round = 0; round < 20; round++) {
            for (int key = 0; key < 8; key++) {
                rig.publish(Rig.frame("k" + key + "-" + round, "k" + key), Rig.DEADLINE);
            }
            rig.publish("plain-" + round, null);
            rig.run();
            assertThat(rig.broker.session().pending).as("taken at once").allMatch(sent -> isThere.test(sent.frame()));
            assertThat(rig.broker.session().taken).contains("plain-" + round);
            rig.broker.session().confirm();
            rig.run();
        }
        assertThat(rig.broker.storedIds())
                .hasSize(1
                        + 20
                        + 20
                                * (int) IntStream.range(0, 8)
                                        .filter(key -> KeyHash.place(KeyHash.of("k" + key), partitions) != unreachable)
                                        .count());
        rig.broker.refusesToTake = frame -> false;
        rig.broker.confirmsAtOnce = true;
        rig.pass(Duration.ofSeconds(5));
        assertThat(rig.broker.storedIds().stream().filter(id -> id.startsWith("k0-")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(round -> "k0-" + round).toList());
    }

    @Test
    void sendsTheFirstOfEachKeyAgainInANewSession() {
        rig.publish("1", "k");
        rig.publish("2", "k");
        rig.publish("3", "j");
        rig.run();
        rig.broker.session().fail();
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.sessions).hasSize(2);
        assertThat(rig.broker.session().taken).containsExactly("1", "3");
        rig.broker.session().confirm("1");
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("1", "3", "2");
    }

    @Test
    void sendsAgainWhatTheBrokerDoesNotConfirmOverTheSameSession() {
        rig.publish("1", "k");
        rig.publish("2", "k");
        rig.publish("3", "j");
        rig.run();
        rig.broker.session().giveUp("1");
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.sessions).hasSize(1);
        assertThat(rig.broker.session().taken).containsExactly("1", "3", "1");
        rig.broker.session().confirm("1");
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("1", "3", "1", "2");
    }

    @Test
    void whatTheBrokerNeverConfirmsEndsUnknownAlsoIfItIsRefusedLater() {
        CompletableFuture<Receipt> first = rig.publish(Rig.frame("1", "k"), Duration.ofSeconds(5));
        rig.run();
        rig.broker.session().giveUp("1");
        rig.pass(Duration.ofSeconds(1));
        rig.broker.session().reject("1", Reason.UNROUTABLE);
        rig.run();
        assertUnknown(first);
    }

    @Test
    void whatWaitsBehindAnUnknownMessageWasNeverHandedOver() {
        CompletableFuture<Receipt> first = rig.publish(Rig.frame("1", "k"), Duration.ofSeconds(1));
        CompletableFuture<Receipt> second = rig.publish("2", "k");
        rig.pass(Duration.ofSeconds(2));
        assertUnknown(first);
        assertThat(reason(second)).isEqualTo(Reason.KEY_FROZEN);
    }

    @Test
    void skipsWhatExpiredInTheLine() {
        rig.publish("1", "k");
        CompletableFuture<Receipt> second = rig.publish(Rig.frame("2", "k"), Duration.ofSeconds(1));
        rig.publish("3", "k");
        rig.pass(Duration.ofSeconds(2));
        assertThat(reason(second)).isEqualTo(Reason.NOT_ATTEMPTED);
        rig.broker.session().confirm("1");
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("1", "3");
    }

    @Test
    void holdsTheTurnOfAMessageThatWasNotTaken() {
        rig.broker.refusesToTake = frame -> frame.id().equals("1");
        rig.publish("1", "k");
        rig.publish("2", "k");
        rig.run();
        assertThat(rig.broker.session().taken).isEmpty();
        rig.broker.refusesToTake = frame -> false;
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.broker.session().taken).containsExactly("1");
        rig.broker.session().confirm("1");
        rig.run();
        assertThat(rig.broker.session().taken).containsExactly("1", "2");
    }
}
