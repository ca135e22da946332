package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import io.oncemq.spi.Shard.AcknowledgeMode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShardChannelTest {
    private static final BasicProperties NONE = new BasicProperties();
    private static final int ROOM = 1_000;
    private static final Duration STALL = Duration.ofSeconds(20);

    private final Shard shard = new Shard("orders.g.0", 1, AcknowledgeMode.INDIVIDUAL);
    private long now;
    private long tag;

    @Test
    void leavesToTheBrokerWhatThereIsNoRoomForAndAllThatComesBehind() {
        ShardChannel channel = channel(100);
        deliver(channel, 5, 300);
        deliver(channel, 1, 1);
        assertThat(channel.take(500)).extracting(InboundMessage::tag).containsExactly(1L, 2L, 3L);
        deliver(channel, 1, 1);
        assertThat(channel.take(500)).isEmpty();
    }

    @Test
    void isOpenedAnewWithAPrefetchThatFitsOnceWhatItKeptIsSettled() throws IOException {
        ShardChannel channel = channel(100);
        deliver(channel, 5, 300);
        assertThat(channel.isSpent(STALL)).isFalse();
        channel.take(500);
        assertThat(channel.isSpent(STALL)).isFalse();
        settle(channel, 2);
        assertThat(channel.isSpent(STALL)).isFalse();
        settle(channel, 3);
        assertThat(channel.isSpent(STALL)).isTrue();
        assertThat(channel.fittingPrefetch()).isEqualTo(3);
    }

    /** A key that waits for its next attempt for an hour must not stop the others of its partition for as long. */
    @Test
    void isOpenedAnewThoughAMessageStaysOpenOnceNothingElseIsSettledAnyMore() throws IOException {
        ShardChannel channel = channel(100);
        deliver(channel, 5, 300);
        channel.take(500);
        now += STALL.toNanos() - 1;
        channel.settled(new Acknowledgement(shard, 1, Acknowledgement.NONE, false));
        channel.acks.write((each, several) -> {}, true, now);
        now += STALL.toNanos() - 1;
        assertThat(channel.isSpent(STALL)).isFalse();
        now++;
        assertThat(channel.isSpent(STALL)).isTrue();
    }

    @Test
    void tellsForHowManyMoreThereIsRoomWhenMessagesAreSmallAgain() {
        ShardChannel channel = channel(3);
        deliver(channel, 3, 300);
        assertThat(channel.largerPrefetch()).isZero();
        for (int round = 0; round < 500; round++) {
            channel.take(500);
            deliver(channel, 3, 10);
        }
        assertThat(channel.largerPrefetch()).isEqualTo(ROOM / 10);
    }

    /** Its source would otherwise rest for seconds before it looks for channels that have ended. */
    @Test
    void aChannelThatHasEndedDoesNotRest() {
        ShardChannel channel = channel(100);
        assertThat(channel.isResting()).isTrue();
        channel.handleCancel("consumer");
        assertThat(channel.isResting()).isFalse();
    }

    @Test
    void holdsWhatArrivesForAMomentOnly() {
        ShardChannel channel = channel(100);
        assertThat(channel.hold()).isTrue();
        assertThat(channel.isPaused()).isTrue();
        now += Duration.ofSeconds(2).toNanos();
        assertThat(channel.hold()).isFalse();
        assertThat(channel.isPaused()).isFalse();
    }

    /** Who began it may look for another prefetch no more: messages are larger again, or fewer are wanted. */
    @Test
    void aHoldEndsThoughNobodyLooksAfterIt() {
        ShardChannel channel = channel(100);
        assertThat(channel.hold()).isTrue();
        now += Duration.ofSeconds(2).toNanos();
        assertThat(channel.isPaused()).isFalse();
    }

    @Test
    void keepsAllThatIsTakenInTime() {
        ShardChannel channel = channel(100);
        for (int round = 0; round < 50; round++) {
            deliver(channel, 3, 300);
            assertThat(channel.take(500)).hasSize(3);
        }
        assertThat(channel.isSpent(STALL)).isFalse();
    }

    @Test
    void aMessageThatIsLargerThanAllRoomComesAlone() {
        ShardChannel channel = channel(100);
        deliver(channel, 2, 2 * ROOM);
        assertThat(channel.take(500)).isEmpty();
        assertThat(channel.isSpent(STALL)).isTrue();
        assertThat(channel.fittingPrefetch()).isEqualTo(1);
        ShardChannel next = channel(1);
        tag = 0;
        deliver(next, 1, 2 * ROOM);
        assertThat(next.take(500)).hasSize(1);
        assertThat(next.isSpent(STALL)).isFalse();
    }

    @Test
    void whatWaitsHereCountsAsUnsettledFromItsArrival() {
        ShardChannel channel = channel(100);
        deliver(channel, 1, 1);
        now += Duration.ofMinutes(1).toNanos();
        assertThat(channel.unsettledFor()).isEqualTo(Duration.ofMinutes(1));
        channel.take(500);
        assertThat(channel.unsettledFor()).isEqualTo(Duration.ofMinutes(1));
    }

    @SuppressWarnings("NullAway") // no channel is needed for what is looked at here
    private ShardChannel channel(int prefetch) {
        return new ShardChannel(null, shard, prefetch, ROOM, () -> {}, () -> now);
    }

    private void deliver(ShardChannel channel, int count, int bytes) {
        for (int i = 0; i < count; i++) {
            channel.handleDelivery("c", new Envelope(++tag, false, "orders", "0/1"), NONE, new byte[bytes]);
        }
    }

    private void settle(ShardChannel channel, long through) throws IOException {
        channel.acks.settled(new Acknowledgement(shard, through, Acknowledgement.NONE, false));
        channel.acks.write((each, several) -> {}, true, now);
    }
}
