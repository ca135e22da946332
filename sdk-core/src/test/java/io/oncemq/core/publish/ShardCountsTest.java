package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.MessagingEvent.PartitionsAccepted;
import io.oncemq.MessagingEvent.PartitionsChanged;
import io.oncemq.MessagingEvent.PartitionsMoved;
import io.oncemq.MessagingEvent.PartitionsRestored;
import io.oncemq.MessagingEvent.PublishSessionReplaced;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** K13: until it is accepted that a destination has another number of shards, no key goes to another shard. */
class ShardCountsTest {
    private final Rig rig = new Rig();

    @AfterEach
    void nothingIsLeft() {
        rig.assertNothingIsLeft();
    }

    /** A session that knows this number of shards, and has confirmed one message. */
    private FakeBroker.Session session(int shards) {
        rig.publish("first", "a");
        rig.run();
        FakeBroker.Session session = rig.broker.session();
        assertThat(session.tellShards(shards)).isTrue();
        session.confirm();
        rig.run();
        return session;
    }

    @Test
    void keepsTheFirstNumberThatItIsTold() {
        FakeBroker.Session session = session(4);
        assertThat(session.tellShards(4)).isTrue();
        assertThat(session.tellShards(6)).isFalse();
        assertThat(session.tellShards(4)).isTrue();
    }

    @Test
    void holdsWhatHasAKeyAndLetsTheRestGo() {
        FakeBroker.Session session = session(4);
        session.tellShards(6);
        CompletableFuture<Receipt> keyed = rig.publish("keyed", "a");
        CompletableFuture<Receipt> plain = rig.publish("plain", null);
        CompletableFuture<Receipt> elsewhere = rig.publish(Rig.frame("invoices", "elsewhere", null), Rig.DEADLINE);
        rig.run();
        session.confirm();
        rig.run();
        assertThat(plain).isCompleted();
        assertThat(elsewhere).isCompleted();
        assertThat(session.taken).doesNotContain("keyed");
        rig.pass(Duration.ofSeconds(29));
        assertThat(keyed).isNotDone();
        rig.pass(Duration.ofSeconds(2));
        assertThat(Rig.reason(keyed)).isEqualTo(Reason.NOT_ATTEMPTED);
        assertThat(Rig.failure(keyed))
                .hasMessageContaining("orders has 6 partitions")
                .hasMessageContaining("over 4")
                .hasMessageContaining("acceptPartitions(\"orders\", 6)");
        assertThat(rig.broker.sessions).hasSize(1);
    }

    @Test
    void tellsOfAChangeOnce() {
        FakeBroker.Session session = session(4);
        session.tellShards(6);
        session.tellShards(6);
        session.tellShards(7);
        rig.run();
        assertThat(rig.heard(PartitionsChanged.class))
                .containsExactly(new PartitionsChanged("orders", 4, 6), new PartitionsChanged("orders", 4, 7));
    }

    @Test
    void goesOnInOrderOnceTheChangeIsAcceptedAndTheSessionKnows() {
        FakeBroker.Session session = session(4);
        session.tellShards(6);
        CompletableFuture<Receipt> one = rig.publish("1", "a");
        CompletableFuture<Receipt> two = rig.publish("2", "a");
        rig.run();
        rig.counts.accept("orders", 6);
        rig.run();
        assertThat(session.taken).doesNotContain("1", "2");
        assertThat(session.tellShards(6)).isFalse();
        rig.run();
        assertThat(session.tellShards(6)).isTrue();
        rig.broker.refusesToTake = frame -> false;
        rig.run();
        session.confirm();
        rig.run();
        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
        assertThat(rig.broker.storedIds()).containsExactly("first", "1", "2");
        assertThat(rig.heard(PartitionsAccepted.class)).containsExactly(new PartitionsAccepted("orders", 6));
    }

    @Test
    void anAcceptedChangeWaitsForWhatIsOnItsWayToTheOldShards() {
        FakeBroker.Session session = session(4);
        CompletableFuture<Receipt> old = rig.publish("old", "a");
        rig.run();
        rig.counts.accept("orders", 6);
        assertThat(session.tellShards(6)).isFalse();
        CompletableFuture<Receipt> young = rig.publish("young", "a");
        rig.run();
        assertThat(session.tellShards(6)).isFalse();
        assertThat(session.taken).contains("old").doesNotContain("young");
        session.confirm("old");
        rig.run();
        assertThat(session.tellShards(6)).isTrue();
        rig.broker.refusesToTake = frame -> false;
        rig.run();
        session.confirm();
        rig.run();
        assertThat(old).isCompleted();
        assertThat(young).isCompleted();
        assertThat(rig.heard(PartitionsChanged.class)).isEmpty();
    }

    /** What the old session may have stored in an old shard is not sent to a new one. */
    @Test
    void aNewSessionDoesNotMoveTheUndecidedOnesEither() {
        FakeBroker.Session session = session(4);
        CompletableFuture<Receipt> undecided = rig.publish("undecided", "a");
        rig.run();
        session.swallow("undecided");
        session.fail();
        rig.counts.told("orders", 6);
        rig.pass(Duration.ofSeconds(2));
        FakeBroker.Session next = rig.broker.session();
        assertThat(next).isNotSameAs(session);
        assertThat(next.taken).isEmpty();
        rig.pass(Duration.ofSeconds(30));
        Rig.assertUnknown(undecided);
        assertThat(rig.broker.storedIds()).containsExactly("first", "undecided");
    }

    @Test
    void messagesGivenBackKeepTheirPlaceAndTheSession() {
        FakeBroker.Session session = session(4);
        CompletableFuture<Receipt> plain = rig.publish("plain", null);
        CompletableFuture<Receipt> one = rig.publish("1", "a");
        CompletableFuture<Receipt> two = rig.publish("2", "a");
        rig.run();
        session.tellShards(6);
        session.giveBack("2");
        session.giveBack("1");
        rig.run();
        assertThat(session.taken).doesNotContain("1", "2");
        session.confirm("plain");
        rig.run();
        assertThat(plain).isCompleted();
        assertThat(session.tellShards(4)).isTrue();
        rig.broker.refusesToTake = frame -> false;
        rig.run();
        session.confirm();
        rig.run();
        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
        assertThat(rig.broker.storedIds()).containsExactly("first", "plain", "1", "2");
        assertThat(rig.heard(PublishSessionReplaced.class)).isEmpty();
    }

    @Test
    void whatIsConfiguredCountsFromTheStart() {
        rig.counts.expect("orders", 4);
        CompletableFuture<Receipt> keyed = rig.publish("keyed", "a");
        rig.run();
        FakeBroker.Session session = rig.broker.session();
        assertThat(session.tellShards(6)).isFalse();
        session.giveBack("keyed");
        rig.run();
        assertThat(rig.heard(PartitionsChanged.class)).containsExactly(new PartitionsChanged("orders", 4, 6));
        assertThat(session.taken).isEmpty();
        rig.pass(Duration.ofSeconds(31));
        assertThat(Rig.reason(keyed)).isEqualTo(Reason.NOT_ATTEMPTED);
    }

    @Test
    void refusesAPublisherThatContradictsWhatTheClientAndTheBrokerSay() {
        FakeBroker.Session session = session(4);
        rig.counts.expect("orders", 4);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> rig.counts.expect("orders", 6))
                .withMessageContaining("PublisherOptions.partitions")
                .withMessageContaining("over 4");
        session.tellShards(6);
        rig.counts.expect("orders", 6);
        session.tellShards(6);
        rig.run();
        assertThat(session.tellShards(6)).isTrue();
    }

    @Test
    void holdsKeysWhenAsManyShardsAreInOtherPlacesUntilThatIsAccepted() {
        FakeBroker.Session session = session(4);
        assertThat(session.tellShards(4, "a:2;b:2", true)).isTrue();
        assertThat(session.tellShards(4, "a:3;b:1", false)).isFalse();
        assertThat(session.tellShards(4, "a:3;b:1", false)).isFalse();
        CompletableFuture<Receipt> keyed = rig.publish("keyed", "a");
        CompletableFuture<Receipt> hasty = rig.publish(Rig.frame("orders", "hasty", "b"), Duration.ofSeconds(1));
        rig.pass(Duration.ofSeconds(2));
        assertThat(Rig.failure(hasty))
                .hasMessageContaining("(a:3;b:1)")
                .hasMessageContaining("(a:2;b:2)")
                .hasMessageContaining("acceptPartitions(\"orders\", 4)");
        // Says only how many there are.
        rig.counts.expect("orders", 4);
        assertThat(session.tellShards(4, "a:3;b:1", false)).isFalse();
        rig.run();
        assertThat(session.tellShards(4, "a:3;b:1", false)).isFalse();
        rig.counts.accept("orders", 4);
        rig.counts.expect("orders", 4);
        assertThat(session.tellShards(4, "a:3;b:1", false)).isFalse();
        rig.run();
        assertThat(session.tellShards(4, "a:3;b:1", false)).isTrue();
        rig.broker.refusesToTake = frame -> false;
        rig.run();
        session.confirm();
        rig.run();
        assertThat(keyed).isCompleted();
        assertThat(rig.heard(PartitionsMoved.class))
                .containsExactly(new PartitionsMoved("orders", 4, "a:2;b:2", "a:3;b:1"));
        assertThat(rig.heard(PartitionsAccepted.class)).containsExactly(new PartitionsAccepted("orders", 4));
    }

    @Test
    void otherPlacesThatTheTransportHasAcceptedWaitForWhatIsOnItsWayAlone() {
        FakeBroker.Session session = session(4);
        session.tellShards(4, "a:2;b:2", true);
        CompletableFuture<Receipt> old = rig.publish("old", "a");
        rig.run();
        assertThat(session.tellShards(4, "a:3;b:1", true)).isFalse();
        rig.run();
        assertThat(session.tellShards(4, "a:3;b:1", true)).isFalse();
        session.confirm("old");
        rig.run();
        assertThat(session.tellShards(4, "a:3;b:1", true)).isTrue();
        assertThat(old).isCompleted();
        assertThat(rig.heard(PartitionsMoved.class)).isEmpty();
    }

    @Test
    void aChangeThatIsTakenBackIsReportedAndItsKeysContinue() {
        FakeBroker.Session session = session(4);
        CompletableFuture<Receipt> keyed = rig.publish("keyed", "a");
        session.tellShards(6);
        session.tellShards(4);
        session.tellShards(4);
        rig.broker.refusesToTake = frame -> false;
        rig.run();
        session.confirm();
        rig.run();
        assertThat(keyed).isCompleted();
        assertThat(rig.heard(PartitionsRestored.class)).containsExactly(new PartitionsRestored("orders", 4));
        session.tellShards(6);
        rig.run();
        assertThat(rig.heard(PartitionsChanged.class)).hasSize(2);
    }

    /** An accepted change ends with its own event, so no other one is emitted. */
    @Test
    void anAcceptedChangeIsNotTakenBack() {
        FakeBroker.Session session = session(4);
        session.tellShards(6);
        rig.counts.accept("orders", 6);
        session.tellShards(6);
        rig.run();
        session.tellShards(6);
        assertThat(rig.heard(PartitionsAccepted.class)).containsExactly(new PartitionsAccepted("orders", 6));
        assertThat(rig.heard(PartitionsRestored.class)).isEmpty();
    }

    /** Only the number was accepted by name. */
    @Test
    void anotherMoveIsAskedForAgain() {
        FakeBroker.Session session = session(4);
        session.tellShards(4, "a:2;b:2", true);
        session.tellShards(4, "a:3;b:1", false);
        rig.counts.accept("orders", 4);
        assertThat(session.tellShards(4, "a:1;b:3", false)).isFalse();
        rig.run();
        assertThat(session.tellShards(4, "a:1;b:3", false)).isFalse();
        assertThat(rig.heard(PartitionsMoved.class)).hasSize(2);
        rig.counts.accept("orders", 6);
        session.tellShards(6, "a:3;b:3", false);
        rig.run();
        assertThat(session.tellShards(6, "a:3;b:3", false)).isTrue();
        assertThat(session.tellShards(6, "a:4;b:2", false)).isFalse();
        assertThat(session.tellShards(6, "a:3;b:3", true)).isTrue();
    }
}
