package io.oncemq.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EffectLedgerTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "quote\" back\\slash",
                "line\nbreak\ttab\r\u0001",
                "größe ✓ 😀",
                "\ud800 lone",
                "",
                "{\"wallMicros\":"
            })
    void givesBackWhatWasWritten(String text) {
        Instant wall = Instant.parse("2026-01-02T03:04:05.678901Z");
        Event full = new Event(EventKind.EFFECT, wall, -7, 42, text, text + "id", Long.MAX_VALUE, 3, Long.MIN_VALUE);
        Event bare = new Event(EventKind.DEAD_LETTERED, wall, 0, 42, "", text, -1, 0, null);
        try (EffectLedger ledger = EffectLedger.open(path())) {
            ledger.append(full);
            ledger.append(bare);
        }
        assertThat(read()).containsExactly(full, bare);
    }

    @Test
    void neverDeduplicates() {
        try (EffectLedger ledger = EffectLedger.open(path())) {
            ledger.effect("k", "id", 1, 1, null);
            ledger.effect("k", "id", 1, 1, null);
        }
        assertThat(read()).hasSize(2);
    }

    @Test
    void countsATornLastLineAndKeepsTheRest() throws Exception {
        try (EffectLedger ledger = EffectLedger.open(path())) {
            ledger.effect("k", "whole", 1, 1, 5L);
        }
        append("{\"wallMicros\":17,\"nanos\":3,\"proc");
        List<Event> events = new ArrayList<>();
        EffectLedger.Reading reading = EffectLedger.read(path(), events::add);
        assertThat(reading).isEqualTo(new EffectLedger.Reading(1, 1));
        assertThat(events).extracting(Event::id).containsExactly("whole");
    }

    @Test
    void findsTheLineOfAnotherProcessBehindATornOne() throws Exception {
        append("{\"wallMicros\":17,\"nanos\":3,\"proc");
        try (EffectLedger ledger = EffectLedger.open(path())) {
            ledger.effect("k", "behind", 1, 1, null);
        }
        List<Event> events = new ArrayList<>();
        assertThat(EffectLedger.read(path(), events::add)).isEqualTo(new EffectLedger.Reading(1, 1));
        assertThat(events).extracting(Event::id).containsExactly("behind");
    }

    @Test
    void keepsLinesOfManyWritersApart() throws Exception {
        List<Thread> writers = IntStream.range(0, 4)
                .mapToObj(writer -> new Thread(() -> write(writer, 2_000)))
                .toList();
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(read()).hasSize(8_000).extracting(Event::id).doesNotHaveDuplicates();
    }

    @Test
    void goesOnWhenOneOfItsThreadsIsInterrupted() {
        try (EffectLedger ledger = EffectLedger.open(path())) {
            Thread.currentThread().interrupt();
            ledger.effect("k", "interrupted", 1, 1, null);
            assertThat(Thread.interrupted()).isTrue();
            ledger.effect("k", "after", 2, 1, null);
        }
        assertThat(read()).extracting(Event::id).containsExactly("interrupted", "after");
    }

    @Test
    void becomesAHistory() {
        try (EffectLedger ledger = EffectLedger.open(path())) {
            ledger.append(Event.now(EventKind.PUBLISHED, "k", "a", 1, 0, null));
            ledger.append(Event.now(EventKind.CONFIRMED, "k", "a", 1, 0, null));
            ledger.effect("k", "a", 1, 1, 9L);
        }
        History history = History.of(path());
        assertThat(history.messages(EventKind.EFFECT)).isEqualTo(1);
        assertThat(LostCheck.in(history).isEmpty()).isTrue();
    }

    private void write(int writer, int count) {
        try (EffectLedger ledger = EffectLedger.open(path())) {
            for (int i = 0; i < count; i++) {
                ledger.effect("k" + writer, writer + "-" + i, i, 1, null);
            }
        }
    }

    private List<Event> read() {
        List<Event> events = new ArrayList<>();
        assertThat(EffectLedger.read(path(), events::add).torn()).isZero();
        return events;
    }

    private void append(String text) throws Exception {
        Files.write(
                path(), text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Path path() {
        return folder.resolve("ledger.jsonl");
    }
}
