package io.oncemq.torture.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.torture.check.Explanation;
import io.oncemq.torture.check.Judgement;
import io.oncemq.torture.check.Rule;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void aRunIsOneLineWithThatOrderOfFields() {
        Judgement judgement = new Judgement(
                100,
                103,
                Map.of(Explanation.CRASH_WINDOW, 2L, Explanation.ZOMBIE, 1L),
                Map.of(Rule.LOST, 1L, Rule.STUCK_LANE, 4L),
                List.of(),
                Map.of(Rule.RENEWAL, 0.01234567),
                0.25);

        String line = new Summary("kafka", 10, 42, judgement, new TreeMap<>(Map.of("kill", 3, "clock", 1))).json();

        assertThat(line)
                .startsWith(
                        "{\"broker\":\"kafka\",\"minutes\":10,\"seed\":42,\"published\":100,\"effects\":103,\"lost\":1,"
                                + "\"phantom\":0,\"unexplainedDuplicates\":0,\"explainedDuplicates\":3,\"orderViolations\":0,"
                                + "\"falseSuppressions\":0,\"prematureAcks\":0,\"hungFutures\":0,\"stuckLanes\":4,\"dualOwners\":0,")
                .contains("\"nemeses\":{\"clock\":1,\"kill\":3},\"crowdedShare\":0.25,\"excusedShare\":{\"lost\":0.0,")
                .contains("\"missingRenewals\":0.0123,")
                .endsWith("}}");
    }

    @Test
    void everyRuleIsInItWithItsShare() {
        Judgement nothing = new Judgement(0, 0, Map.of(), Map.of(), List.of(), Map.of(), 0);

        String line = new Summary("rabbit", 1, 1, nothing, new TreeMap<>()).json();

        for (Rule rule : Rule.values()) {
            assertThat(line).containsOnlyOnce("\"" + rule.field() + "\":0,").contains("\"" + rule.field() + "\":0.0");
        }
    }

    @Test
    void aPartOfAMinuteIsToldAsSuch() {
        Judgement nothing = new Judgement(0, 0, Map.of(), Map.of(), List.of(), Map.of(), 0);

        assertThat(new Summary("rabbit", 0.5, 1, nothing, new TreeMap<>()).json())
                .contains("\"minutes\":0.5,");
    }
}
