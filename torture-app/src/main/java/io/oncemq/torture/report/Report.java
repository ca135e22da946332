package io.oncemq.torture.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.torture.check.Anomaly;
import io.oncemq.torture.check.Explanation;
import io.oncemq.torture.check.Judge;
import io.oncemq.torture.check.Judgement;
import io.oncemq.torture.check.Rule;
import io.oncemq.torture.history.HistoryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** Judges a run, and writes what came of it: {@code report.md}, and {@code report.html} with a timeline, which needs no other file. */
public final class Report {
    private static final int SHOWN = 3;

    private final Summary summary;
    private final Judgement judgement;
    private final Timeline timeline;
    private final Excerpts excerpts;
    private final long broken;

    private Report(Summary summary, Timeline timeline, Excerpts excerpts, long broken) {
        this.summary = summary;
        this.judgement = summary.judgement();
        this.timeline = timeline;
        this.excerpts = excerpts;
        this.broken = broken;
    }

    /**
     * Reads a history and writes the report of it.
     *
     * @param history the folder of its files
     * @param folder in which the report is put
     * @param nemeses how often each fault happened
     */
    public static Summary write(
            Path history, Path folder, String broker, double minutes, long seed, SortedMap<String, Integer> nemeses) {
        HistoryFolder files = new HistoryFolder(history);
        Judgement judgement = Judge.of(files);
        Summary summary = new Summary(broker, minutes, seed, judgement, nemeses);
        Report report =
                new Report(summary, Timeline.of(files), Excerpts.of(files, judgement.first()), files.brokenLines());
        write(folder.resolve("report.md"), report.markdown());
        write(folder.resolve("report.html"), report.html());
        return summary;
    }

    private static void write(Path path, String text) {
        try {
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String title() {
        return summary.broker() + ", " + minutes() + (summary.minutes() == 1 ? " minute, seed " : " minutes, seed ")
                + summary.seed();
    }

    private String minutes() {
        return summary.minutes() == Math.rint(summary.minutes())
                ? Long.toString((long) summary.minutes())
                : Double.toString(summary.minutes());
    }

    private String verdict() {
        long count = judgement.breaches().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return count == 0 ? "No anomaly" : count == 1 ? "1 anomaly" : count + " anomalies";
    }

    private List<List<String>> numbers() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("messages published", Long.toString(judgement.published())));
        long confirmed = (long) Arrays.stream(timeline.confirmedPerSecond()).sum();
        rows.add(List.of("of these confirmed", Long.toString(confirmed)));
        rows.add(List.of("effects", Long.toString(judgement.effects())));
        for (Explanation each : Explanation.values()) {
            if (judgement.explained().containsKey(each)) {
                rows.add(List.of(
                        "handled again: " + words(each),
                        Long.toString(judgement.explained().get(each))));
            }
        }
        rows.add(List.of("torn lines in the history", Long.toString(broken)));
        return rows;
    }

    private List<List<String>> rules() {
        List<List<String>> rows = new ArrayList<>();
        for (Rule rule : Rule.values()) {
            Double share = judgement.excusedShare().get(rule);
            String excused = share == null ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
            rows.add(List.of(words(rule), rule.meaning(), excused, Long.toString(judgement.breaches(rule))));
        }
        return rows;
    }

    private List<List<String>> nemeses() {
        return summary.nemeses().entrySet().stream()
                .map(each -> List.of(each.getKey(), each.getValue().toString()))
                .toList();
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The first few of each rule. */
    private List<Anomaly> shown() {
        Map<Rule, Integer> counts = new EnumMap<>(Rule.class);
        return judgement.first().stream()
                .filter(each -> counts.merge(each.rule(), 1, Integer::sum) <= SHOWN)
                .toList();
    }

    private String markdown() {
        StringBuilder out = new StringBuilder();
        out.append("# ").append(title()).append("\n\n**").append(verdict()).append(".**\n\n");
        table(out, List.of("what", "count"), numbers());
        table(out, List.of("rule", "broken when", "not judged for", "count"), rules());
        table(out, List.of("fault", "times"), nemeses());
        for (Anomaly each : shown()) {
            out.append("## ")
                    .append(words(each.rule()))
                    .append("\n\n")
                    .append(each.text())
                    .append(place(each))
                    .append("\n\n");
            if (!excerpts.about(each).isEmpty()) {
                out.append("```\n").append(excerpts.about(each)).append("\n```\n\n");
            }
        }
        return out.append("```json\n").append(summary.json()).append("\n```\n").toString();
    }

    private static void table(StringBuilder out, List<String> head, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        out.append("| ")
                .append(String.join(" | ", head))
                .append(" |\n|")
                .append("---|".repeat(head.size()))
                .append('\n');
        rows.forEach(row -> out.append("| ").append(String.join(" | ", row)).append(" |\n"));
        out.append('\n');
    }

    /** Where in the run to look. */
    private String place(Anomaly each) {
        String when = String.format(Locale.ROOT, " (at %.3f s", timeline.at(each.nanos()));
        return when + (each.process().isEmpty() ? ")" : ", in " + each.process() + ")");
    }

    private String html() {
        StringBuilder anomalies = new StringBuilder();
        for (Anomaly each : shown()) {
            anomalies
                    .append("<h3>")
                    .append(words(each.rule()))
                    .append("</h3><p>")
                    .append(Chart.escape(each.text() + place(each)));
            anomalies.append("</p>");
            if (!excerpts.about(each).isEmpty()) {
                anomalies
                        .append("<pre>")
                        .append(Chart.escape(excerpts.about(each)))
                        .append("</pre>");
            }
            anomalies.append('\n');
        }
        return page().replace("@title@", Chart.escape(title()))
                .replace("@state@", judgement.isClean() ? "good" : "bad")
                .replace("@verdict@", verdict())
                .replace("@chart@", Chart.of(timeline, judgement.first()))
                .replace("@numbers@", htmlTable(numbers()))
                .replace("@rules@", htmlTable(rules()))
                .replace("@nemeses@", htmlTable(nemeses()))
                .replace("@anomalies@", anomalies)
                .replace("@json@", Chart.escape(summary.json()));
    }

    private static String htmlTable(List<List<String>> rows) {
        StringBuilder out = new StringBuilder("<table>");
        for (List<String> row : rows) {
            boolean broken = row.size() == 4 && !row.get(3).equals("0");
            out.append(broken ? "<tr class=\"broken\">" : "<tr>");
            row.forEach(cell -> out.append("<td>").append(Chart.escape(cell)).append("</td>"));
            out.append("</tr>\n");
        }
        return out.append("</table>").toString();
    }

    private static String page() {
        try (InputStream text = Report.class.getResourceAsStream("page.html")) {
            if (text == null) {
                throw new IllegalStateException("page.html is not on the class path");
            }
            return new String(text.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
