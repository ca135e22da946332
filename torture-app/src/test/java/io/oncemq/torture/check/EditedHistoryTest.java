package io.oncemq.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.history.Expected;
import io.oncemq.torture.history.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each change of a history in which nothing is wrong is found. The same changes can be made to the history of any run. */
class EditedHistoryTest {
    private static final long HALF_A_MINUTE = 30_000_000_000L;

    private EditedHistory history;

    @BeforeEach
    void write() {
        Story story = new Story()
                .published("a1", "a2")
                .in("c2")
                .assigned("t")
                .in("c1")
                .assigned("s");
        story.settles("a1", "a2")
                .published("b1", Expected.POISON)
                .received("b1")
                .claim("b1", "ACQUIRED");
        story.started("b1").handlerFailed("b1").deadLetters("b1").acked("b1").later(60_000);
        story.run(Kind.QUIESCENT, "").deadLetterFound("b1").run(Kind.DEAD_LETTERS_READ, "");
        history = new EditedHistory(story.history());
        assertThat(history.judgement().isClean()).as("%s", history.judgement()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void isFound(EditedHistory.Edit edit) {
        assertThat(history.finds(edit, 0)).isTrue();
    }

    /** As one that waits behind a message that is tried again. */
    @Test
    void aRedeliveryIsFoundOfAMessageThatWasAcknowledgedLongAfterItWasHandled() {
        Story story = new Story().published("a1").in("c1").assigned("s");
        story.handles("a1").done("a1").later(5_000).acked("a1").later(60_000).run(Kind.QUIESCENT, "");
        EditedHistory late = new EditedHistory(story.history());
        assertThat(late.finds(EditedHistory.Edit.AN_ACKNOWLEDGED_MESSAGE_COMES_AGAIN, 0))
                .isTrue();
    }

    @Test
    void aGhostIsFound() {
        assertThat(history.ghosts(2, HALF_A_MINUTE))
                .hasSize(2)
                .allSatisfy(ghost -> assertThat(history.with(ghost).breaches(Rule.DUAL_OWNER))
                        .as("%s", ghost)
                        .isPositive());
    }
}
