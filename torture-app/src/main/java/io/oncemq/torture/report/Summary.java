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
            line.writeNumberProperty("lost", judgement.breaches(Rule.LOST));
            line.writeNumberProperty("phantom", judgement.breaches(Rule.PHANTOM));
            line.writeNumberProperty("unexplainedDuplicates", judgement.breaches(Rule.DUPLICATE));
            line.writeNumberProperty("explainedDuplicates", judgement.explainedDuplicates());
            line.writeNumberProperty("orderViolations", judgement.breaches(Rule.ORDER));
            line.writeNumberProperty("falseSuppressions", judgement.breaches(Rule.FALSE_SUPPRESSION));
            line.writeNumberProperty("prematureAcks", judgement.breaches(Rule.PREMATURE_ACK));
            line.writeNumberProperty("hungFutures", judgement.breaches(Rule.HUNG_FUTURE));
            line.writeNumberProperty("stuckLanes", judgement.breaches(Rule.STUCK_LANE));
            line.writeName("nemeses");
            line.writeStartObject();
            for (Map.Entry<String, Integer> each : nemeses.entrySet()) {
                line.writeNumberProperty(each.getKey(), each.getValue());
            }
            line.writeEndObject();
            line.writeEndObject();
        }
        return out.toString();
    }
}
