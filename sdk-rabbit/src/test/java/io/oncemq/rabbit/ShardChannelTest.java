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
        assertThat(channel.isSpent()).isFalse();
        channel.take(500);
        assertThat(channel.isSpent()).isFalse();
        settle(channel, 2);
        assertThat(channel.isSpent()).isFalse();
        settle(channel, 3);
        assertThat(channel.isSpent()).isTrue();
        assertThat(channel.fittingPrefetch()).isEqualTo(3);
    }

    @Test
    void keepsAllThatIsTakenInTime() {
        ShardChannel channel = channel(100);
        for (int round = 0; round < 50; round++) {
            deliver(channel, 3, 300);
            assertThat(channel.take(500)).hasSize(3);
        }
        assertThat(channel.isSpent()).isFalse();
    }

    @Test
    void aMessageThatIsLargerThanAllRoomComesAlone() {
        ShardChannel channel = channel(100);
        deliver(channel, 2, 2 * ROOM);
        assertThat(channel.take(500)).isEmpty();
        assertThat(channel.isSpent()).isTrue();
        assertThat(channel.fittingPrefetch()).isEqualTo(1);
        ShardChannel next = channel(1);
        tag = 0;
        deliver(next, 1, 2 * ROOM);
        assertThat(next.take(500)).hasSize(1);
        assertThat(next.isSpent()).isFalse();
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
