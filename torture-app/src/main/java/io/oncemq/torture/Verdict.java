package io.oncemq.torture;

import io.oncemq.torture.check.Judgement;
import io.oncemq.torture.check.Rule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param nemeses how often each fault happened
 */
record Verdict(Options options, Judgement judgement, Map<String, Integer> nemeses) {
    private static final BigDecimal SECONDS_A_MINUTE = BigDecimal.valueOf(60);

    /** The last line of the output. */
    String toJson() {
        String faults = nemeses.entrySet().stream()
                .map(each -> "\"" + each.getKey() + "\":" + each.getValue())
                .collect(Collectors.joining(","));
        return "{\"broker\":\"" + options.broker().option() + "\""
                + ",\"minutes\":" + minutes()
                + ",\"seed\":" + options.seed()
                + ",\"published\":" + judgement.published()
                + ",\"effects\":" + judgement.effects()
                + count("lost", Rule.LOST)
                + count("phantom", Rule.PHANTOM)
                + count("unexplainedDuplicates", Rule.DUPLICATE)
                + ",\"explainedDuplicates\":" + judgement.explainedDuplicates()
                + count("orderViolations", Rule.ORDER)
                + count("falseSuppressions", Rule.FALSE_SUPPRESSION)
                + count("prematureAcks", Rule.PREMATURE_ACK)
                + count("hungFutures", Rule.HUNG_FUTURE)
                + count("stuckLanes", Rule.STUCK_LANE)
                + ",\"nemeses\":{" + faults + "}}";
    }

    private String count(String name, Rule rule) {
        return ",\"" + name + "\":" + judgement.breaches(rule);
    }

    private String minutes() {
        return BigDecimal.valueOf(options.time().toSeconds())
                .divide(SECONDS_A_MINUTE, 2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
