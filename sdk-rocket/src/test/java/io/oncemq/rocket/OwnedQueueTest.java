package io.oncemq.rocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

class OwnedQueueTest {
    private final OwnedQueue queue = new OwnedQueue(new MessageQueue("orders", "broker", 0), 1, 0, null);

    @Test
    void commitsItsStartThoughNothingWasDelivered() {
        assertThat(queue.due()).isEqualTo(-1);
        queue.positioned(40, false, 0);
        assertThat(queue.due()).isEqualTo(40);
        queue.committed(40);
        assertThat(queue.due()).isEqualTo(-1);
    }

    @Test
    void isAtRestOnlyWhileItsBrokerHasItsPullAndAllThatIsSettled() {
        assertThat(queue.isAtRest()).isFalse();
        queue.positioned(40, true, 0);
        assertThat(queue.isAtRest()).isFalse();
        queue.pulling = true;
        assertThat(queue.isAtRest()).isTrue();
        queue.fetched(messages(40, 50), 50);
        assertThat(queue.isAtRest()).isFalse();
        queue.take();
        assertThat(queue.isAtRest()).isTrue();
        queue.acknowledge(new Acknowledgement(queue.shard, 44, Acknowledgement.NONE, false));
        assertThat(queue.isAtRest()).isFalse();
        queue.committed(45);
        assertThat(queue.isAtRest()).isTrue();
        queue.leaving = true;
        assertThat(queue.isAtRest()).isFalse();
    }

    @Test
    void isNotAtRestBeforeItsStartAtTheVeryFirstMessageIsCommitted() {
        queue.positioned(0, false, 0);
        queue.pulling = true;
        assertThat(queue.isAtRest()).isFalse();
        queue.committed(0);
        assertThat(queue.isAtRest()).isTrue();
    }

    @Test
    void saysWhereItStandsAndWhatTheBrokerHasOfThat() {
        assertThat(queue.isPositioned()).isFalse();
        queue.positioned(40, false, 0);
        assertThat(queue.isPositioned()).isTrue();
        assertThat(queue.position()).isEqualTo(40);
        assertThat(queue.committed()).isEqualTo(-1);
        queue.fetched(messages(40, 45), 45);
        assertThat(queue.position()).isEqualTo(45);
        queue.committed(43);
        assertThat(queue.committed()).isEqualTo(43);
    }

    @Test
    void knowsWhetherTheBrokerHasAnsweredAPull() {
        assertThat(queue.hasPulled()).isFalse();
        queue.pulled();
        assertThat(queue.hasPulled()).isTrue();
    }

    @Test
    void aWishThatRepeatsTheLastOneIsNoChange() {
        assertThat(queue.wantPause(false)).isFalse();
        assertThat(queue.wantPause(true)).isTrue();
        assertThat(queue.wantPause(true)).isFalse();
        assertThat(queue.wantPause(false)).isTrue();
    }

    @Test
    void pullsNotBeforeItsTime() {
        queue.positioned(0, true, 1_000);
        assertThat(queue.mayPull(999)).isFalse();
        assertThat(queue.mayPull(1_000)).isTrue();
    }

    @Test
    void commitsBelowTheOldestOpenMessageOnly() {
        queue.positioned(40, true, 0);
        queue.fetched(messages(40, 50), 50);
        assertThat(queue.take()).hasSize(10);
        assertThat(queue.due()).isEqualTo(-1);
        queue.acknowledge(new Acknowledgement(queue.shard, 44, Acknowledgement.NONE, false));
        assertThat(queue.due()).isEqualTo(45);
        queue.acknowledge(new Acknowledgement(queue.shard, 49, Acknowledgement.NONE, true));
        assertThat(queue.due()).isEqualTo(50);
    }

    /** B12: that went round for ever, in silence. */
    @Test
    void countsHowLongABrokerRefusesToReadAtAPositionThatItHas() {
        queue.positioned(40, true, 0);
        assertThat(queue.refused(1_000)).isZero();
        assertThat(queue.isRefused()).isTrue();
        assertThat(queue.refused(31_000)).isEqualTo(30_000);
        queue.fetched(messages(40, 41), 41);
        assertThat(queue.isRefused()).isFalse();
        assertThat(queue.refused(90_000)).isZero();
    }

    @Test
    void commitsNothingOfWhatWaitsForTheEngine() {
        queue.positioned(0, true, 0);
        queue.wantPause(true);
        queue.fetched(messages(0, 10), 10);
        assertThat(queue.take()).isEmpty();
        assertThat(queue.due()).isEqualTo(-1);
        queue.wantPause(false);
        assertThat(queue.take()).hasSize(10);
        assertThat(queue.due()).isEqualTo(-1);
    }

    @Test
    void commitsAgainWhatTheBrokerMayHaveForgotten() {
        queue.positioned(7, true, 0);
        assertThat(queue.due()).isEqualTo(-1);
        queue.distrust();
        assertThat(queue.due()).isEqualTo(7);
        queue.committed(7);
        assertThat(queue.due()).isEqualTo(-1);
    }

    @Test
    void takesNothingFromItsEndOn() {
        queue.positioned(0, true, 0);
        queue.endsAt(5);
        queue.fetched(messages(0, 10), 10);
        assertThat(queue.isAtEnd()).isFalse();
        assertThat(queue.take()).extracting(InboundMessage::offset).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(queue.isAtEnd()).isTrue();
        assertThat(queue.mayPull(0)).isFalse();
    }

    @Test
    void pullsOnlyWhileNothingWaitsAndNobodyHasPausedIt() {
        assertThat(queue.mayPull(0)).isFalse();
        queue.positioned(0, true, 0);
        assertThat(queue.mayPull(0)).isTrue();
        queue.fetched(messages(0, 1), 1);
        assertThat(queue.mayPull(0)).isFalse();
        queue.take();
        assertThat(queue.mayPull(0)).isTrue();
        queue.wantPause(true);
        assertThat(queue.mayPull(0)).isFalse();
    }

    @Test
    void seesWhatABrokerLeftOut() {
        assertThat(found(5, messages(5, 8), 8).gapFrom()).isEqualTo(-1);
        assertThat(found(5, messages(7, 8), 8).gapFrom()).isEqualTo(5);
        assertThat(found(5, List.of(message(5), message(8)), 9).gapFrom()).isEqualTo(6);
        assertThat(found(5, List.of(), 9).gapFrom()).isEqualTo(5);
        assertThat(found(5, List.of(), 5).gapFrom()).isEqualTo(-1);
        assertThat(new Pulls.Answer(5, PullStatus.NO_MATCHED_MSG, 9, List.of(), true, null, false).gapFrom())
                .isEqualTo(-1);
    }

    /** What was filtered away after the last message is passed once that is settled, and not before. */
    @Test
    void passesWhatWasFilteredAwayOnceAllBeforeIsSettled() {
        queue.positioned(0, true, 0);
        queue.fetched(List.of(message(3)), 4);
        queue.take();
        queue.fetched(List.of(), 9);
        assertThat(queue.due()).isEqualTo(-1);
        queue.acknowledge(new Acknowledgement(queue.shard, 3, Acknowledgement.NONE, false));
        assertThat(queue.due()).isEqualTo(9);
    }

    private static Pulls.Answer found(long asked, List<InboundMessage> messages, long next) {
        return new Pulls.Answer(asked, PullStatus.FOUND, next, messages, false, null, false);
    }

    private static List<InboundMessage> messages(long from, long to) {
        return LongStream.range(from, to).mapToObj(OwnedQueueTest::message).toList();
    }

    private static InboundMessage message(long offset) {
        return InboundMessage.builder(offset, offset).body(new byte[0]).build();
    }
}
