package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WorkEventTest {
    @Test
    void doesWhatThePageSays() throws IOException {
        assertThat(Files.readAllLines(Path.of("../docs/engine-states.md")))
                .as("the whole table is%n%s", String.join("\n", lines()))
                .containsSubsequence(lines());
    }

    @Test
    void everyStageCanBeReachedAndLeft() {
        for (Stage stage : Stage.values()) {
            assertThat(Arrays.stream(WorkEvent.values()).anyMatch(event -> leadsTo(event, stage)))
                    .as("something leads to %s", stage)
                    .isEqualTo(stage != Stage.WAITING);
            assertThat(Arrays.stream(WorkEvent.values())
                            .anyMatch(event -> event.after(stage) != null && event.after(stage) != stage))
                    .as("something leads away from %s", stage)
                    .isEqualTo(stage != Stage.SETTLED);
        }
    }

    /** Only what the store knows, or what has no claim, is acknowledged; all else is left to the next owner. */
    @Test
    void onlyAnAnswerOfTheStoreOrADropEndsAClaimedMessage() {
        assertThat(Arrays.stream(WorkEvent.values()).filter(event -> leadsTo(event, Stage.SETTLED)))
                .containsExactlyInAnyOrder(
                        WorkEvent.CLAIM_KNOWN,
                        WorkEvent.COMPLETE_ANSWERED,
                        WorkEvent.DEAD_LETTERED_ANSWERED,
                        WorkEvent.HANDLED_UNCLAIMED,
                        WorkEvent.LETTER_CONFIRMED_UNCLAIMED,
                        WorkEvent.DROP);
    }

    @Test
    void refusesWhatIsImpossible() {
        InboundMessage message = InboundMessage.builder(0, 0).build();
        Work work = work(message);
        assertThatThrownBy(() -> work.move(WorkEvent.HANDLED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("message id cannot take HANDLED: its stage is WAITING");
        assertThat(work.stage()).isEqualTo(Stage.WAITING);
    }

    @SuppressWarnings("NullAway")
    private static Work work(InboundMessage message) {
        return new Work(null, message, null, new Identity("id", "scope", 0, null), new Owner(1, 1), 0);
    }

    private static boolean leadsTo(WorkEvent event, Stage stage) {
        return Arrays.stream(Stage.values()).anyMatch(from -> from != stage && event.after(from) == stage);
    }

    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("| event | " + Arrays.stream(Stage.values()).map(Stage::name).collect(Collectors.joining(" | "))
                + " |");
        lines.add("|---|" + "---|".repeat(Stage.values().length));
        for (WorkEvent event : WorkEvent.values()) {
            lines.add("| " + event + " | "
                    + Arrays.stream(Stage.values())
                            .map(stage -> cell(event, stage))
                            .collect(Collectors.joining(" | "))
                    + " |");
        }
        return lines;
    }

    private static String cell(WorkEvent event, Stage stage) {
        Stage next = event.after(stage);
        return next == null ? "–" : next == stage ? "stays" : next.name();
    }
}
