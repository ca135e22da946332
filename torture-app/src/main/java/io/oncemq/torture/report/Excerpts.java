package io.oncemq.torture.report;

import io.oncemq.torture.check.Anomaly;
import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.History;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the history says of the messages that anomalies are about. */
final class Excerpts {
    private static final int LINES = 60;

    private final Map<String, List<String>> byId = new HashMap<>();
    private long first = Long.MAX_VALUE;

    private Excerpts() {}

    static Excerpts of(History history, List<Anomaly> anomalies) {
        Excerpts excerpts = new Excerpts();
        anomalies.stream()
                .map(Anomaly::id)
                .filter(id -> !id.isEmpty())
                .forEach(id -> excerpts.byId.put(id, new ArrayList<>()));
        history.forEach(excerpts::see);
        return excerpts;
    }

    private void see(Event event) {
        first = Math.min(first, event.nanos());
        List<String> lines = byId.get(event.id());
        if (lines != null && lines.size() < LINES) {
            lines.add(line(event));
        }
    }

    private String line(Event event) {
        StringBuilder out = new StringBuilder(120);
        out.append(String.format(
                Locale.ROOT, "%9.3f  %-14s %-16s", (event.nanos() - first) / 1e9, event.process(), event.kind()));
        append(out, event.text());
        append(out, event.shard().isEmpty() ? "" : event.shard() + "/" + event.epoch() + " tag " + event.tag());
        append(out, event.owner() == 0 ? "" : "owner " + event.owner());
        append(out, event.token() == 0 ? "" : "token " + event.token());
        return out.toString().stripTrailing();
    }

    private static void append(StringBuilder out, String words) {
        if (!words.isEmpty()) {
            out.append(' ').append(words);
        }
    }

    /** Lines with the seconds since the beginning of the run; empty if the anomaly is about no message. */
    String about(Anomaly anomaly) {
        return String.join("\n", byId.getOrDefault(anomaly.id(), List.of()));
    }
}
