package io.oncemq.torture.report;

import io.oncemq.torture.check.Judgement;
import io.oncemq.torture.check.Rule;
import java.io.StringWriter;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A run in one line, for programs.
 *
 * @param minutes for which messages were published and faults happened
 * @param nemeses how often each fault happened, by its name
 */
public record Summary(
        String broker, double minutes, long seed, Judgement judgement, SortedMap<String, Integer> nemeses) {
    private static final JsonFactory JSON = new JsonFactory();

    public Summary {
        nemeses = Collections.unmodifiableSortedMap(new TreeMap<>(nemeses));
    }

    private static double rounded(double share) {
        return Math.round(share * 10_000) / 10_000.0;
    }

    /** The last line of a run. */
    public String json() {
        StringWriter out = new StringWriter();
        try (JsonGenerator line = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            line.writeStartObject();
            line.writeStringProperty("broker", broker);
            line.writeName("minutes");
            if (minutes == Math.rint(minutes)) {
                line.writeNumber((long) minutes);
            } else {
                line.writeNumber(minutes);
            }
            line.writeNumberProperty("seed", seed);
            line.writeNumberProperty("published", judgement.published());
            line.writeNumberProperty("effects", judgement.effects());
            for (Rule rule : Rule.values()) {
                line.writeNumberProperty(rule.field(), judgement.breaches(rule));
                if (rule == Rule.DUPLICATE) {
                    line.writeNumberProperty("explainedDuplicates", judgement.explainedDuplicates());
                }
            }
            line.writeName("nemeses");
            line.writeStartObject();
            for (Map.Entry<String, Integer> each : nemeses.entrySet()) {
                line.writeNumberProperty(each.getKey(), each.getValue());
            }
            line.writeEndObject();
            line.writeNumberProperty("crowdedShare", rounded(judgement.crowdedShare()));
            line.writeName("excusedShare");
            line.writeStartObject();
            for (Rule rule : Rule.values()) {
                line.writeNumberProperty(
                        rule.field(), rounded(judgement.excusedShare().getOrDefault(rule, 0.0)));
            }
            line.writeEndObject();
            line.writeEndObject();
        }
        return out.toString();
    }
}
