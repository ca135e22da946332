package io.oncemq.core.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkEventTest {
    @Test
    void doesWhatThePageSays() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("../docs/engine-states.md")).stream()
                .filter(line ->
                        Arrays.stream(WorkEvent.values()).anyMatch(event -> line.startsWith("| " + event + " |")))
                .map(line -> line.substring(0, line.indexOf(" |", line.indexOf(" | ") + 3) + 2))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(WorkEvent.values())
                        .map(event -> "| " + event + " | " + moves(event) + " |")
                        .toList());
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

    /** Such as {@code CLAIMING → READY; SETTLED stays}: where the event can happen, and what follows. */
    private static String moves(WorkEvent event) {
        Map<Stage, List<Stage>> from = Arrays.stream(Stage.values())
                .filter(stage -> event.after(stage) != null && event.after(stage) != stage)
                .collect(Collectors.groupingBy(event::after, LinkedHashMap::new, Collectors.toList()));
        Stream<String> moves = from.entrySet().stream().map(move -> names(move.getValue()) + " → " + move.getKey());
        Stream<String> stays = Arrays.stream(Stage.values())
                .filter(stage -> event.after(stage) == stage)
                .map(stage -> stage + " stays");
        return Stream.concat(moves, stays).collect(Collectors.joining("; "));
    }

    private static String names(List<Stage> stages) {
        List<Stage> others = Arrays.stream(Stage.values())
                .filter(stage -> !stages.contains(stage))
                .toList();
        return stages.size() > others.size()
                ? "all but " + others.stream().map(Stage::name).collect(Collectors.joining(", "))
                : stages.stream().map(Stage::name).collect(Collectors.joining(", "));
    }
}
