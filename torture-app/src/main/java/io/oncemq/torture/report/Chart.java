package io.oncemq.torture.report;

import io.oncemq.torture.check.Anomaly;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A timeline as SVG: throughput, messages in flight, faults and processes above one another on one axis. Colours are the page's classes. */
final class Chart {
    private static final int WIDTH = 1120;
    private static final int LEFT = 220;
    private static final int RIGHT = 20;
    private static final int PANEL = 120;
    private static final int ROW = 20;
    private static final int GAP = 44;

    private final StringBuilder svg = new StringBuilder();
    private final Timeline line;
    private final List<Anomaly> anomalies;
    private int y = 24;

    private Chart(Timeline line, List<Anomaly> anomalies) {
        this.line = line;
        this.anomalies = anomalies;
    }

    static String of(Timeline line, List<Anomaly> anomalies) {
        Chart chart = new Chart(line, anomalies);
        chart.draw();
        return "<svg viewBox=\"0 0 " + WIDTH + " " + (chart.y + 10)
                + "\" role=\"img\" aria-label=\"timeline of the run\">\n" + chart.svg + "</svg>\n";
    }

    private void draw() {
        int top = y;
        int height = height();
        line.faults()
                .values()
                .forEach(bars -> bars.forEach(bar -> svg.append(rectangle("band", bar, top, height - top))));
        seconds(top, height);
        curves("messages a second", line.confirmedPerSecond(), "confirmed", line.effectsPerSecond(), "effects");
        curves("in flight", line.inFlight(), "flight", null, "");
        rows("faults", line.faults(), "fault");
        rows("processes", line.lives(), "life");
        anomalies.stream().limit(200).forEach(each -> mark(each, top, height));
    }

    private int height() {
        return y
                + 2 * (PANEL + GAP)
                + block(line.faults().size())
                + block(line.lives().size())
                - GAP / 2;
    }

    private static int block(int rows) {
        return rows == 0 ? 0 : rows * ROW + GAP;
    }

    private double x(double seconds) {
        return LEFT + seconds / line.seconds() * (WIDTH - LEFT - RIGHT);
    }

    private void seconds(int top, int bottom) {
        double step = step(line.seconds() / 10);
        for (double second = 0; second <= line.seconds(); second += step) {
            svg.append(format(
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
                    x(second), x(second), top, bottom));
            text("axis", x(second), top - 8, "middle", clock(second));
        }
    }

    private static double step(double least) {
        for (double step : new double[] {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800}) {
            if (step >= least) {
                return step;
            }
        }
        return 3600;
    }

    private static String clock(double seconds) {
        return format("%d:%02d", (int) seconds / 60, (int) seconds % 60);
    }

    private void curves(String name, double[] one, String oneClass, double @Nullable [] two, String twoClass) {
        double highest = Math.max(1, Math.max(highest(one), two == null ? 0 : highest(two)));
        int bottom = y + PANEL;
        text("name", 8, y + 14, "start", name);
        text("axis", LEFT - 8, y + 10, "end", number(highest));
        text("axis", LEFT - 8, bottom, "end", "0");
        svg.append(format(
                "<line class=\"base\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>%n",
                LEFT, WIDTH - RIGHT, bottom, bottom));
        curve(one, highest, bottom, oneClass);
        legend(oneClass, oneClass.equals("flight") ? "not acknowledged" : oneClass, y + 36);
        if (two != null) {
            curve(two, highest, bottom, twoClass);
            legend(twoClass, twoClass, y + 56);
        }
        y = bottom + GAP;
    }

    private void legend(String style, String words, int at) {
        svg.append(
                format("<line class=\"curve %s\" x1=\"8\" x2=\"26\" y1=\"%d\" y2=\"%d\"/>%n", style, at - 4, at - 4));
        text("axis", 32, at, "start", words);
    }

    private void curve(double[] values, double highest, int bottom, String style) {
        StringBuilder points = new StringBuilder();
        for (int second = 0; second < values.length; second++) {
            double at = Math.min(second + 0.5, line.seconds());
            points.append(format("%.1f,%.1f ", x(at), bottom - values[second] / highest * PANEL));
        }
        svg.append("<polyline class=\"curve ")
                .append(style)
                .append("\" points=\"")
                .append(points)
                .append("\"/>\n");
    }

    private void rows(String name, Map<String, List<Timeline.Bar>> rows, String style) {
        if (rows.isEmpty()) {
            return;
        }
        text("name", 8, y - 4, "start", name);
        for (Map.Entry<String, List<Timeline.Bar>> row : rows.entrySet()) {
            text("row", LEFT - 8, y + 13, "end", row.getKey());
            row.getValue().forEach(bar -> svg.append(rectangle(style, bar, y + 3, ROW - 6)));
            if (style.equals("life")) {
                line.pauses(row.getKey()).forEach(bar -> svg.append(rectangle("pause", bar, y + 3, ROW - 6)));
            }
            y += ROW;
        }
        y += GAP;
    }

    private String rectangle(String style, Timeline.Bar bar, int top, int height) {
        String title = style.equals("band")
                ? ""
                : "<title>" + escape(bar.text()) + " " + clock(bar.from()) + "–" + clock(bar.to()) + "</title>";
        return format(
                        "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">",
                        style, x(bar.from()), top, Math.max(2, x(bar.to()) - x(bar.from())), height)
                + title + "</rect>\n";
    }

    private void mark(Anomaly anomaly, int top, int bottom) {
        double at = x(line.at(anomaly.nanos()));
        svg.append(format(
                "<line class=\"anomaly\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"><title>%s</title></line>%n",
                at, at, top, bottom, escape(anomaly.rule() + ": " + anomaly.text())));
    }

    private void text(String style, double at, int baseline, String anchor, String words) {
        svg.append(format("<text class=\"%s\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">", style, at, baseline, anchor))
                .append(escape(words))
                .append("</text>\n");
    }

    private static double highest(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }

    private static String number(double value) {
        return format("%,d", Math.round(value));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
