package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardCallTest {
    private static final GroupSettings SETTINGS =
            new GroupSettings(Duration.ofSeconds(30), Duration.ofDays(7), 244, false, false);
    private static final int REPEATED = 8;
    private static final int SHORT_WAY = 16;
    private static final int CAUSE = 32;

    @Test
    void claimAndCompletionOfAFirstAttemptTakeTheShortWayThroughTheScript() {
        assertThat(operation(command(Type.CLAIM, 0, 0, false))).isEqualTo(Type.CLAIM.ordinal() + SHORT_WAY);
        assertThat(operation(command(Type.COMPLETE, 0, 1, false))).isEqualTo(Type.COMPLETE.ordinal() + SHORT_WAY);
    }

    @Test
    void whatTheShortWayDoesNotKnowTakesTheLongOne() {
        assertThat(operation(command(Type.COMPLETE, 3, 1, false))).isEqualTo(Type.COMPLETE.ordinal());
        assertThat(operation(command(Type.START, 0, 1, false))).isEqualTo(Type.START.ordinal());
        assertThat(operation(command(Type.COMPLETE, 0, 1, true))).isEqualTo(Type.COMPLETE.ordinal() + REPEATED);
    }

    @Test
    void aCauseFollowsItsCommandAndTheNextCommandFollowsTheCause() {
        StoreCommand marked = command(Type.DEAD_LETTERING, 0, 2, false).because("expired é");
        StoreCommand next = command(Type.RENEW, 0, 2, false);
        byte[] call = new ShardCall(0, new int[] {0, 1})
                .encode(SETTINGS, ShardMark.unseen(false, 0), List.of(marked, next), false);
        int cause = ShardCall.HEADER_BYTES + ShardCall.COMMAND_BYTES;
        assertThat(call[ShardCall.HEADER_BYTES]).isEqualTo((byte) (Type.DEAD_LETTERING.ordinal() + CAUSE));
        assertThat(call[cause]).isEqualTo((byte) 10);
        assertThat(new String(call, cause + 1, 10, UTF_8)).isEqualTo("expired é");
        assertThat(call[cause + 11]).isEqualTo((byte) Type.RENEW.ordinal());
        assertThat(call).hasSize(cause + 11 + ShardCall.COMMAND_BYTES);
    }

    @Test
    void marksOnlyGrowAndTokensBelongToTheirMarker() {
        ShardMark mark = ShardMark.unseen(true, 10).after(100, 7, 20);
        assertThat(mark).isEqualTo(new ShardMark(100, 7, false, 20));
        assertThat(mark.after(100, 5, 15)).isEqualTo(mark);
        assertThat(mark.after(99, 8, 30)).isEqualTo(mark);
        assertThat(mark.after(101, 3, 30)).isEqualTo(new ShardMark(101, 3, false, 30));
    }

    @Test
    void aMarkWhoseRecordMayHaveExpiredIsForgottenAndSoIsThatItWasKnown() {
        ShardMark mark = ShardMark.unseen(true, 10).after(100, 7, 20);
        assertThat(mark.at(120, 100)).isEqualTo(mark);
        assertThat(mark.at(121, 100)).isEqualTo(ShardMark.unseen(false, 121));
        assertThat(ShardMark.unseen(true, 10).at(111, 100)).isEqualTo(ShardMark.unseen(false, 111));
    }

    private static StoreCommand command(Type type, int generation, int attempt, boolean repeated) {
        return new StoreCommand(type, new RecordId(1, 2, 3), new Owner(4, 5), generation, attempt, 6, repeated, "");
    }

    private static int operation(StoreCommand command) {
        return new ShardCall(0, new int[] {0})
                .encode(SETTINGS, ShardMark.unseen(false, 0), List.of(command), false)[ShardCall.HEADER_BYTES];
    }
}
