package io.oncemq.torture.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
    @TempDir
    Path folder;

    @Test
    void whatSeveralProcessesWroteIsReadInTheOrderOfItsTimes() {
        try (HistoryFile one = HistoryFile.open(folder, "one");
                HistoryFile two = HistoryFile.open(folder, "two")) {
            Recorder first = new Recorder(one);
            Recorder second = new Recorder(two);
            first.publishInvoked("a", "k", 1);
            second.received("orders-0", 3, 17, "a", "k");
            first.publishEnded("a", PublishOutcome.CONFIRMED);
            second.storeAnswered(StoreCommand.Type.CLAIM, "a", 5, StoreAnswer.Kind.ACQUIRED, 99);
        }

        List<Event> events = read();

        assertThat(events).isSortedAccordingTo((a, b) -> Long.compare(a.nanos(), b.nanos()));
        assertThat(events)
                .extracting(Event::kind)
                .containsExactly(Kind.PUBLISH_INVOKED, Kind.RECEIVED, Kind.PUBLISH_ENDED, Kind.STORE_ANSWERED);
        assertThat(events.get(1).at(0, "two"))
                .isEqualTo(Event.of(Kind.RECEIVED)
                        .message("a", "k", 0)
                        .place("orders-0", 3, 17)
                        .at(0, "two"));
        assertThat(events.get(3).text()).isEqualTo("CLAIM ACQUIRED");
        assertThat(events.get(3).token()).isEqualTo(99);
    }

    @Test
    void everyFieldSurvivesTheFile() {
        Event event = new Event(7, "p\"1", Kind.EFFECT, "id\n\\", "ключ", 1, "s", 2, -1, 4, -5, Long.MAX_VALUE, "t");

        assertThat(EventLine.parse(EventLine.write(event))).isEqualTo(event);
        assertThat(EventLine.write(event)).doesNotContain("\n");
    }

    @Test
    void aLineThatWasCutIsCountedAndTheRestIsRead() throws Exception {
        try (HistoryFile file = HistoryFile.open(folder, "killed")) {
            new Recorder(file).alive(3);
        }
        Path path = folder.resolve("killed.jsonl");
        String whole = Files.readString(path);
        for (String cut : List.of("{", whole.substring(0, whole.length() - 2), "{\"at\":1}", "")) {
            Files.writeString(path, cut + "\n", StandardOpenOption.APPEND);
        }
        Files.writeString(path, whole, StandardOpenOption.APPEND);

        HistoryFolder history = new HistoryFolder(folder);
        List<Event> events = new ArrayList<>();
        history.forEach(events::add);

        assertThat(events)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.number()).isEqualTo(3));
        assertThat(history.brokenLines()).isEqualTo(4);
        assertThat(history.torn()).containsExactly("killed");
    }

    @Test
    void manySinglesAreSpreadOverSeveralLines() {
        try (HistoryFile file = HistoryFile.open(folder, "one")) {
            Recorder recorder = new Recorder(file);
            recorder.acknowledged("q", 1, -1, LongStream.range(0, 700).toArray());
            recorder.acknowledged("q", 1, 700, new long[0]);
        }

        List<Event> events = read();

        assertThat(events)
                .hasSize(4)
                .allSatisfy(event -> assertThat(event.toString()).hasSizeLessThan(4000));
        assertThat(String.join(" ", events.stream().map(Event::text).toList()).split(" "))
                .hasSize(700);
        assertThat(events.get(3).tag()).isEqualTo(700);
    }

    @Test
    void whatARunIsBoundToStandsInItsHistory() {
        RunBounds bounds = new RunBounds(
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                Duration.ofSeconds(8),
                Duration.ofSeconds(30),
                Duration.ofSeconds(40),
                500,
                16,
                12,
                Duration.ofSeconds(6),
                true);
        try (HistoryFile file = HistoryFile.open(folder, "driver")) {
            new RunRecorder(file).configured(bounds);
        }

        assertThat(read())
                .extracting(Event::kind, Event::text, Event::number)
                .contains(tuple(Kind.CONFIGURED, "lease", 5_000_000_000L), tuple(Kind.CONFIGURED, "maxInFlight", 500L));
    }

    private List<Event> read() {
        List<Event> events = new ArrayList<>();
        new HistoryFolder(folder).forEach(events::add);
        return events;
    }
}
