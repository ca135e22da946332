package io.oncemq.core.claim;

import io.oncemq.CrashPolicy;
import io.oncemq.core.claim.ClaimRecord.Phase;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreCommand.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Draws the claim table as docs/claim-states.md shows it, from the code. */
final class ClaimTableMatrix {
    static final Owner ME = new Owner(1, 1);
    static final Owner OTHER = new Owner(2, 1);
    static final RecordId ID = new RecordId(1, 2, 3);
    static final Instant NOW = Instant.ofEpochSecond(1_000);
    static final Duration LEASE = Duration.ofSeconds(30);
    static final Instant PAST = NOW.minusSeconds(1);
    static final Instant AHEAD = NOW.plusSeconds(10);

    record Row(String name, @Nullable ClaimRecord record) {}

    private ClaimTableMatrix() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("absent", null));
        for (Phase phase : List.of(Phase.RESERVED, Phase.STARTED, Phase.IN_DOUBT, Phase.DEAD_LETTERING)) {
            rows.add(new Row(phase + ", mine", held(phase, ME, AHEAD)));
            rows.add(new Row(phase + ", mine, lapsed", held(phase, ME, PAST)));
            rows.add(new Row(phase + ", another's", held(phase, OTHER, AHEAD)));
            rows.add(new Row(phase + ", another's, lapsed", held(phase, OTHER, PAST)));
            if (phase != Phase.STARTED) {
                rows.add(new Row(phase + ", released", held(phase, ClaimRecord.NOBODY, Instant.EPOCH)));
            }
        }
        for (Phase phase : List.of(Phase.DONE, Phase.DEAD_LETTERED, Phase.PARKED)) {
            rows.add(new Row(phase.name(), ClaimRecord.settled(phase, 0, 0)));
        }
        return rows;
    }

    static ClaimRecord held(Phase phase, Owner owner, Instant until) {
        int attempt = phase == Phase.RESERVED ? 0 : 1;
        return new ClaimRecord(phase, owner, until, 7, attempt, false, 0, 0, "");
    }

    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        StringBuilder head = new StringBuilder("| record | CLAIM, REPROCESS | CLAIM, QUARANTINE |");
        for (Type type : List.of(Type.values()).subList(1, Type.values().length)) {
            head.append(' ').append(type).append(" |");
        }
        lines.add(head.toString());
        lines.add("|---".repeat(Type.values().length + 2) + "|");
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (Row row : rows()) {
            names.computeIfAbsent(cells(row), cells -> new ArrayList<>()).add(row.name());
        }
        names.forEach((cells, rows) -> lines.add("| " + String.join("; ", rows) + " |" + cells));
        return lines;
    }

    private static String cells(Row row) {
        StringBuilder cells = new StringBuilder();
        cells.append(' ').append(cell(row.record(), Type.CLAIM, CrashPolicy.REPROCESS));
        cells.append(" | ")
                .append(cell(row.record(), Type.CLAIM, CrashPolicy.QUARANTINE))
                .append(" |");
        for (Type type : List.of(Type.values()).subList(1, Type.values().length)) {
            cells.append(' ')
                    .append(cell(row.record(), type, CrashPolicy.REPROCESS))
                    .append(" |");
        }
        return cells.toString();
    }

    private static String cell(@Nullable ClaimRecord before, Type type, CrashPolicy policy) {
        StoreCommand command = new StoreCommand(type, ID, ME, 0, type == Type.START ? 1 : 0, 0, false, "");
        ClaimTable.Step step = new ClaimTable(policy, LEASE).apply(before, command, NOW, () -> 9);
        StoreAnswer answer = step.answer();
        String text = answer.kind() + (answer.suspect() ? "(suspect)" : "");
        ClaimRecord after = step.record();
        if (after == null ? before == null : before != null && named(after).equals(named(before))) {
            return text;
        }
        return text + " → " + (after == null ? "absent" : named(after));
    }

    private static String named(ClaimRecord record) {
        return record.phase() + (record.released() && !record.phase().settled() ? ", released" : "");
    }
}
