package io.oncemq.quickstart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run came to.
 *
 * @param malformed input lines that are no messages
 * @param injected duplicates that the raw client wrote
 * @param missing faults that were promised and did not happen, in words
 * @param settled whether the group committed everything in time and its processes closed in order
 */
record Summary(
        String broker,
        int malformed,
        int published,
        int confirmed,
        int injected,
        List<String> missing,
        int delivered,
        int suppressed,
        int deadLettered,
        Verdict verdict,
        boolean settled,
        Duration duration) {

    Summary {
        missing = List.copyOf(missing);
    }

    boolean holds() {
        return missing.isEmpty() && verdict.holds() && settled && confirmed == published;
    }

    private int input() {
        return published + malformed;
    }

    String toJson() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("broker", '"' + broker + '"');
        fields.put("input", input());
        fields.put("published", published);
        fields.put("confirmed", confirmed);
        fields.put("injected", injected);
        fields.put("delivered", delivered);
        fields.put("suppressed", suppressed);
        fields.put("effects", verdict.effects());
        fields.put("lost", verdict.lost());
        fields.put("duplicateEffects", verdict.duplicateEffects());
        fields.put("inCrashWindow", verdict.inCrashWindow());
        fields.put("orderViolations", verdict.orderViolations());
        fields.put("deadLettered", deadLettered);
        fields.put("holds", holds());
        fields.put("seconds", String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0));
        StringBuilder json = new StringBuilder("{");
        fields.forEach((name, value) -> json.append(json.length() > 1 ? "," : "")
                .append('"')
                .append(name)
                .append("\":")
                .append(value));
        return json.append('}').toString();
    }

    List<String> toTable() {
        List<String> rows = new ArrayList<>(List.of(""));
        row(rows, "input", input(), malformed == 0 ? "" : malformed + " of them malformed");
        row(rows, "published", published, "confirmed " + confirmed);
        row(rows, "duplicates injected", injected, "by a raw client");
        row(rows, "delivered", delivered, "suppressed " + suppressed);
        row(rows, "effects", verdict.effects(), "in a ledger that never deduplicates");
        row(rows, "lost", verdict.lost(), "");
        row(
                rows,
                "duplicate effects",
                verdict.duplicateEffects(),
                verdict.duplicateEffects() == 0
                        ? ""
                        : verdict.inCrashWindow()
                                + " in the crash window: effect done, kill -9 before DONE was stored");
        row(rows, "order violations", verdict.orderViolations(), "");
        row(rows, "dead letters", deadLettered, "");
        return rows;
    }

    private static void row(List<String> rows, String name, int count, String note) {
        rows.add(
                String.format(Locale.ROOT, "  %-20s %9d  %s", name, count, note).stripTrailing());
    }
}
