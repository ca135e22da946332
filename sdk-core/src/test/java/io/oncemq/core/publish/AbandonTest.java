package io.oncemq.core.publish;

import static io.oncemq.core.publish.Rig.assertUnknown;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import io.oncemq.spi.Leftover;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** S10: a session that works for all shards but one is kept, whatever ends without an answer there. */
class AbandonTest {
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final Rig rig = new Rig();
    private final IllegalStateException noLeader = new IllegalStateException("no leader");

    @AfterEach
    void nothingIsLeft() {
        rig.assertNothingIsLeft();
    }

    @Test
    void whatTheSessionTakesBackWasNotAttemptedAndSaysWhy() {
        CompletableFuture<Receipt> dead = rig.publish(Rig.frame("1", "k"), SHORT);
        CompletableFuture<Receipt> alive = rig.publish("2", "other");
        rig.broker.leaves = frame -> Leftover.withdrawn(noLeader);
        rig.run();
        rig.pass(SHORT);
        assertThat(Rig.reason(dead)).isEqualTo(Reason.NOT_ATTEMPTED);
        assertThat(Rig.failure(dead)).hasCause(noLeader);
        CompletableFuture<Receipt> next = rig.publish("3", "k");
        rig.run();
        rig.broker.session().confirm();
        rig.run();
        assertThat(alive).isCompleted();
        assertThat(next).isCompleted();
        assertThat(rig.broker.sessions).hasSize(1);
    }

    @Test
    void whatOneShardHoldsEndsUnknownInASessionThatStays() {
        CompletableFuture<Receipt> dead = rig.publish(Rig.frame("1", "k"), SHORT);
        CompletableFuture<Receipt> alive = rig.publish("2", "other");
        rig.broker.leaves = frame -> Leftover.shardHeld(noLeader);
        rig.run();
        rig.pass(SHORT);
        assertUnknown(dead);
        rig.broker.session().confirm("2");
        rig.run();
        assertThat(alive).isCompleted();
        assertThat(rig.broker.sessions).hasSize(1);
    }

    /** What is stored of the key must stay a prefix: a republished one would else come after those that wait in the session. */
    @Test
    void whatWaitsBehindAnUnknownMessageOfItsKeyIsTakenBack() {
        CompletableFuture<Receipt> first = rig.publish(Rig.frame("1", "k"), SHORT);
        CompletableFuture<Receipt> second = rig.publish("2", "k");
        rig.broker.leaves =
                frame -> frame.id().equals("1") ? Leftover.shardHeld(noLeader) : Leftover.withdrawn(noLeader);
        rig.run();
        FakeBroker.Session session = rig.broker.session();
        rig.pass(SHORT);
        assertUnknown(first);
        assertThat(Rig.reason(second)).isEqualTo(Reason.KEY_FROZEN);
        assertThat(session.pending).extracting(sent -> sent.frame().id()).containsExactly("1");
    }
}
