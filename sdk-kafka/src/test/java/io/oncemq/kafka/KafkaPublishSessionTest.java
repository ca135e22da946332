package io.oncemq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.Leftover;
import io.oncemq.spi.Leftover.Fate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.junit.jupiter.api.Test;

/** P2 and S10: the order in which records reach the producer, and what one partition does to the others. */
class KafkaPublishSessionTest {
    private final PublishRig rig = new PublishRig();

    @Test
    void keepsTheOrderOfAKeyThoughASendToAnotherPartitionTimesOut() {
        rig.send(1, "other-1");
        rig.confirmAll();
        rig.send(0, "k1");
        rig.send(0, "k2");
        rig.send(0, "k3");
        rig.timesOut = body -> body.equals("other-2");
        rig.send(1, "other-2");
        assertThat(rig.notSent).containsOnlyKeys("other-2");
        rig.send(0, "k4");
        rig.confirmAll();
        assertThat(rig.stored).containsExactly("other-1", "k1", "k2", "k3", "k4");
        assertThat(rig.confirmed).hasSize(5);
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aPartitionWithoutALeaderHoldsItsOwnMessagesOnlyAndGivesThemBack() {
        rig.send(0, "dead-1");
        rig.send(1, "alive-1");
        rig.confirmAll();
        rig.leaderless.add(0);
        rig.send(0, "dead-2");
        seconds(3);
        rig.send(0, "dead-3");
        rig.send(1, "alive-3");
        rig.confirmAll();
        assertThat(rig.confirmed).containsExactly("dead-1", "alive-1", "alive-a", "alive-b", "alive-c", "alive-3");
        assertThat(rig.session.abandon(rig.frame(0, "dead-2"), "dead-2").fate())
                .as("the producer has it")
                .isEqualTo(Fate.SHARD_HELD);
        Leftover third = rig.session.abandon(rig.frame(0, "dead-3"), "dead-3");
        assertThat(third.fate()).isEqualTo(Fate.WITHDRAWN);
        assertThat(third.cause()).isInstanceOf(LeaderNotAvailableException.class);

        rig.send(0, "dead-4");
        rig.leaderless.clear();
        rig.tick();
        rig.confirmAll();
        rig.send(0, "dead-5");
        rig.confirmAll();
        assertThat(rig.stored).endsWith("dead-2", "dead-4", "dead-5").doesNotContain("dead-3");
        assertThat(rig.failures).isEmpty();
    }

    /** Others confirm a record in each second. */
    private void seconds(int count) {
        for (int i = 0; i < count; i++) {
            rig.send(1, "alive-" + (char) ('a' + i));
            rig.confirmAll();
            rig.tick();
        }
    }

    @Test
    void whatHasNoKeyGoesToThePartitionsThatAnswer() {
        rig.leaderless.add(0);
        for (int i = 0; i < 10; i++) {
            rig.sendUnkeyed("free-" + i);
            rig.confirmAll();
        }
        assertThat(rig.confirmed).hasSize(10);
    }

    @Test
    void aSessionOfWhichNoPartitionAnswersIsStuck() {
        rig.send(0, "first-0");
        rig.send(1, "first-1");
        rig.confirmAll();
        rig.leaderless.add(0);
        rig.leaderless.add(1);
        rig.send(0, "second-0");
        rig.send(1, "second-1");
        for (int i = 0; i < 5; i++) {
            rig.tick();
        }
        assertThat(rig.session.abandon(rig.frame(0, "second-0"), "second-0")).isEqualTo(Leftover.STUCK);
    }

    /** KAFKA-15591: the leader is there, and refuses every repetition of the first batch. */
    @Test
    void aPartitionWhoseLeaderAnswersNoRecordEndsTheSession() {
        rig.send(0, "first");
        rig.confirmAll();
        rig.tick();
        rig.send(0, "poisoned");
        rig.send(0, "behind it");
        for (int i = 0; i < 10; i++) {
            rig.tick();
        }
        assertThat(rig.failures).isEmpty();
        rig.tick();
        assertThat(rig.failures).hasSize(1);
    }

    /** So it is below {@code min.insync.replicas}: the leader is there, and the producer repeats the record that it refuses. */
    @Test
    void aPartitionThatRefusesASingleRecordHoldsNoOther() {
        rig.send(1, "alive");
        rig.confirmAll();
        rig.unanswered.add(0);
        rig.send(0, "refused");
        seconds(20);
        assertThat(rig.failures).isEmpty();
        rig.send(1, "alive-more");
        rig.confirmAll();
        assertThat(rig.session.abandon(rig.frame(0, "refused"), "refused").fate())
                .isEqualTo(Fate.SHARD_HELD);
        rig.unanswered.clear();
        rig.confirmAll();
        rig.send(0, "next");
        rig.confirmAll();
        assertThat(rig.stored).endsWith("refused", "next");
    }

    @Test
    void whatWaitsForALookUpIsNotOvertakenByTheNextOfItsKey() {
        rig.send(0, "k0");
        rig.confirmAll();
        rig.timesOut = body -> body.equals("first") || body.equals("big");
        rig.session.send(rig.frame(0, "first"), "first");
        rig.session.send(rig.frame(0, "big"), "big");
        rig.session.send(rig.frame(0, "small"), "small");
        rig.runOpeners();
        rig.confirmAll();
        assertThat(rig.stored).containsExactly("k0");
        assertThat(rig.notSent).containsOnlyKeys("first", "big", "small");
        assertThat(rig.failures).hasSize(1);
    }

    @Test
    void whatHasNoKeyEndsNoSessionWhenItFindsNoRoomAfterALookUp() {
        rig.send(0, "k0");
        rig.send(1, "k1");
        rig.confirmAll();
        rig.timesOut = body -> body.equals("first") || body.equals("free");
        rig.session.send(rig.frame(0, "first"), "first");
        rig.session.send(rig.unkeyed("free"), "free");
        rig.session.send(rig.frame(0, "k2"), "k2");
        rig.runOpeners();
        rig.confirmAll();
        assertThat(rig.notSent).containsOnlyKeys("first", "free");
        assertThat(rig.stored).containsExactly("k0", "k1", "k2");
        assertThat(rig.failures).isEmpty();
    }

    /** Also an error that no client should throw. */
    @Test
    void aLookUpThatBreaksEndsTheSessionAndGivesBackWhatWaits() {
        rig.describing = () -> {
            throw new NoClassDefFoundError("describe");
        };
        rig.send(0, "k1");
        assertThat(rig.notSent).containsOnlyKeys("k1");
        assertThat(rig.failures).hasSize(1);
    }

    @Test
    void aTopicThatWasCreatedAnewNeedsANewProducer() {
        rig.send(0, "k1");
        rig.confirmAll();
        rig.topicId = Uuid.randomUuid();
        rig.timesOut = "k2"::equals;
        rig.send(0, "k2");
        assertThat(rig.failures).hasSize(1);
    }
}
