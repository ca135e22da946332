package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.rabbit.Lines.Seat;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway") // no connection is opened here
class LinesTest {
    private final Lines lines = new Lines(null);

    @Test
    void sourcesWithFewQueuesShareAConnection() {
        Seat first = lines.join(true);
        Seat second = lines.join(true);
        assertThat(lines.line(second)).isSameAs(lines.line(first));
        assertThat(lines.moves(first, 100, 2_047)).isFalse();
        assertThat(lines.moves(second, 100, 2_047)).isFalse();
        assertThat(lines.line(lines.join(true))).isSameAs(lines.line(first));
        assertThat(lines.line(lines.join(false))).isNotSameAs(lines.line(first));
    }

    @Test
    void aSourceMovesToAnotherConnectionWhereOthersLeaveTooFewChannels() {
        Seat first = lines.join(true);
        Seat second = lines.join(true);
        assertThat(lines.moves(first, 60, 128)).isFalse();
        assertThat(lines.moves(second, 60, 128)).isFalse();
        Seat third = lines.join(true);
        assertThat(lines.line(third)).isNotSameAs(lines.line(first));
        assertThat(lines.moves(third, 10, 128)).isFalse();
        Seat fourth = lines.join(true);
        assertThat(lines.line(fourth)).isSameAs(lines.line(third));
        assertThat(lines.moves(fourth, 120, 128)).isTrue();
        assertThat(lines.line(fourth)).isNotSameAs(lines.line(third));
        assertThat(lines.moves(fourth, 120, 128)).isFalse();
        lines.leave(fourth, Duration.ZERO);
        assertThat(lines.moves(fourth, 120, 128)).isFalse();
    }

    @Test
    void sixteenSourcesOfManyQueuesStayWithinWhatAServerAllows() {
        int first = 0;
        Seat one = lines.join(true);
        lines.moves(one, 130, 2_047);
        for (int source = 1; source < Lines.MOST_USERS; source++) {
            Seat seat = lines.join(true);
            lines.moves(seat, 130, 2_047);
            first += lines.line(seat) == lines.line(one) ? 1 : 0;
        }
        assertThat((first + 1) * 130).isLessThan(2_047);
        assertThat(first).isPositive();
    }

    @Test
    void aSourceThatIsAloneStaysAlsoWithMoreThanTheServerAllows() {
        assertThat(lines.moves(lines.join(true), 500, 128)).isFalse();
    }
}
