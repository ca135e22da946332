package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.Shard;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much may be received and not settled, in all and of each shard. */
class InFlightTest {
    private final ShardState shard = shard("orders-0");
    private final ShardState other = shard("orders-1");
    private final InFlight inFlight = new InFlight(160, 16_000);

    @Test
    void isFullAtTheBoundOfMessages() {
        inFlight.add(shard, 159, 0);
        assertThat(inFlight.full()).isFalse();
        inFlight.add(other, 1, 0);
        assertThat(inFlight.full()).isTrue();
        assertThat(inFlight.count()).isEqualTo(160);
        inFlight.remove(shard, 0);
        assertThat(inFlight.full()).isFalse();
    }

    @Test
    void isFullAtTheBoundOfBytes() {
        inFlight.add(shard, 1, 15_999);
        assertThat(inFlight.full()).isFalse();
        inFlight.add(other, 1, 1);
        assertThat(inFlight.full()).isTrue();
        inFlight.remove(shard, 15_999);
        assertThat(inFlight.full()).isFalse();
        inFlight.add(shard, 1, 15_998);
        assertThat(inFlight.full()).isFalse();
    }

    @Test
    void isHalfFullAtHalfOfEither() {
        inFlight.add(shard, 79, 7_999);
        assertThat(inFlight.halfFull()).isFalse();
        inFlight.add(shard, 1, 0);
        assertThat(inFlight.halfFull()).isTrue();
        inFlight.remove(shard, 0);
        assertThat(inFlight.halfFull()).isFalse();
        inFlight.add(shard, 0, 1);
        assertThat(inFlight.halfFull()).isTrue();
    }

    /** Of 160, each of two has 40, and 80 are for whichever needs more. */
    @Test
    void oneShardLeavesTheOtherItsShareOfMessages() {
        inFlight.add(shard, 119, 0);
        assertThat(room().full(shard)).isFalse();
        inFlight.add(shard, 1, 0);
        assertThat(room().full(shard)).isTrue();
        inFlight.add(other, 39, 0);
        assertThat(room().full(other)).isFalse();
        inFlight.add(other, 1, 0);
        assertThat(room().full(other)).isTrue();
    }

    @Test
    void oneShardLeavesTheOtherItsShareOfBytes() {
        inFlight.add(shard, 1, 11_999);
        assertThat(room().full(shard)).isFalse();
        inFlight.add(shard, 1, 1);
        assertThat(room().full(shard)).isTrue();
        inFlight.add(other, 1, 3_999);
        assertThat(room().full(other)).isFalse();
        inFlight.add(other, 1, 1);
        assertThat(room().full(other)).isTrue();
        inFlight.remove(shard, 1);
        assertThat(room().full(shard)).as("once one is settled").isFalse();
    }

    @Test
    void whatBothUseOfTheCommonHalfCounts() {
        inFlight.add(shard, 80, 8_000);
        inFlight.add(other, 79, 7_999);
        assertThat(room().full(shard)).isFalse();
        inFlight.add(other, 1, 0);
        assertThat(room().full(shard)).isTrue();
        inFlight.remove(other, 0);
        assertThat(room().full(shard)).isFalse();
        inFlight.add(other, 0, 1);
        assertThat(room().full(shard)).isTrue();
    }

    @Test
    void isRoomyWhileHalfOfTheCommonHalfIsFree() {
        inFlight.add(shard, 80, 8_000);
        assertThat(room().roomy(shard)).isTrue();
        inFlight.add(shard, 1, 0);
        assertThat(room().roomy(shard)).isFalse();
        inFlight.remove(shard, 0);
        inFlight.add(shard, 0, 1);
        assertThat(room().roomy(shard)).isFalse();
    }

    @Test
    void isRoomyForAShardThatUsesThreeQuartersOfItsOwn() {
        inFlight.add(shard, 120, 12_000);
        inFlight.add(other, 30, 3_000);
        assertThat(room().roomy(other)).isTrue();
        inFlight.add(other, 1, 0);
        assertThat(room().roomy(other)).isFalse();
        inFlight.remove(other, 0);
        inFlight.add(other, 0, 1);
        assertThat(room().roomy(other)).isFalse();
    }

    /** More shards than the bound has room for. */
    @Test
    void eachShardHasRoomForOne() {
        Shares shares = Shares.of(1, 400);
        assertThat(shares).isEqualTo(new Shares(1, 1));
        assertThat(shares.full(0, 1_000)).isFalse();
        assertThat(Shares.of(9, 0)).isEqualTo(new Shares(4, 5));
    }

    private InFlight.Room room() {
        return inFlight.room(List.of(shard, other));
    }

    private static ShardState shard(String name) {
        return new ShardState(new Shard(name, 1, Shard.AcknowledgeMode.CUMULATIVE));
    }
}
