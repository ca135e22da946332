package io.oncemq.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects results: a table for people and one line of JSON for programs. Not thread-safe. */
final class Report {
    private final Table table = new Table();
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private final Map<String, Object> rates = new LinkedHashMap<>();

    Report() {
        table.row("", "median", "lowest", "highest", "spread", "of base", "CPU/msg");
        for (String field : List.of("publishRatio", "consumeRatio", "lanes2msRatio", "lanes5msRatio", "bytesPerId")) {
            fields.put(field, null);
        }
    }

    /** The results of one comparison, each set against the base. */
    void rates(String heading, List<Measured> all, Measured base) {
        table.row(heading);
        for (Measured side : all) {
            Series series = side.rate();
            String ofBase = side == base ? "base" : "%.2f".formatted(series.ratioTo(base.rate()));
            table.row(
                    "  " + series.name() + ", msg/s",
                    "%,.0f".formatted(series.median()),
                    "%,.0f".formatted(series.min()),
                    "%,.0f".formatted(series.max()),
                    "%.0f %%".formatted(series.spread() * 100),
                    ofBase,
                    "%.2f µs".formatted(side.cpu().median()));
            rates.put(heading + ": " + side.name(), values(side));
        }
    }

    /** A ratio of medians, with its range over the rounds. */
    void ratio(String field, Measured ours, Measured base) {
        fields.put(field, rounded(ours.rate().ratioTo(base.rate()), 1_000));
        Series rounds = ours.rate().roundRatiosTo(base.rate());
        fields.put(field + "Range", List.of(rounded(rounds.min(), 1_000), rounded(rounds.max(), 1_000)));
    }

    void bytes(int ids, double perId) {
        table.row("  %,d ids, bytes per id".formatted(ids), "%.1f".formatted(perId));
    }

    void heading(String heading) {
        table.row(heading);
    }

    void field(String name, @Nullable Object value) {
        fields.put(name, value);
    }

    String table() {
        return table.render();
    }

    String json() {
        fields.put("rates", rates);
        return Json.line(fields);
    }

    private static Map<String, Object> values(Measured side) {
        Series series = side.rate();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("median", Math.round(series.median()));
        values.put("min", Math.round(series.min()));
        values.put("max", Math.round(series.max()));
        values.put("spread", rounded(series.spread(), 1_000));
        values.put("cpuMicros", rounded(side.cpu().median(), 100));
        return values;
    }

    static double rounded(double value, int steps) {
        return (double) Math.round(value * steps) / steps;
    }
}
