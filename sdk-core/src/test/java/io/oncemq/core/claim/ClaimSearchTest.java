package io.oncemq.core.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.CrashPolicy;
import io.oncemq.core.claim.Scenario.Budget;
import io.oncemq.core.claim.Scenario.Nature;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two processes, two messages of a key, every interleaving within a budget of faults. What must hold stands in
 * {@link Invariants}; that each message is settled in the end, in {@link ClaimSearch}.
 */
class ClaimSearchTest {
    @ParameterizedTest(name = "{0} {1}, duplicate {2}, {3}")
    @CsvSource({
        "REPROCESS, HEALTHY, true, lostReplies 1 rebalances 1",
        "REPROCESS, HEALTHY, false, lateCommands 1 rebalances 1",
        "REPROCESS, HEALTHY, false, rebalances 2",
        "REPROCESS, HEALTHY, false, crashes 1 lapses 1 lostReplies 1 lateCommands 1",
        "REPROCESS, HEALTHY, true, crashes 1 lapses 1 losses 1 lostReplies 1",
        "REPROCESS, HEALTHY, false, lapses 1 rebalances 1",
        "REPROCESS, HEALTHY, false, losses 1 rebalances 1",
        "REPROCESS, POISON, true, crashes 1 lostReplies 1 redrives 1",
        "REPROCESS, POISON, false, lapses 2 lateCommands 1 losses 1 redrives 1",
        "REPROCESS, KILLER, true, lapses 1 lostReplies 1 lateCommands 1 redrives 1",
        "QUARANTINE, HEALTHY, true, crashes 1 lapses 1 lostReplies 1",
        "QUARANTINE, HEALTHY, false, lateCommands 1 rebalances 1",
        "QUARANTINE, POISON, false, lapses 1 lateCommands 1 redrives 1",
        "QUARANTINE, KILLER, false, lapses 1 losses 1 lostReplies 1 redrives 1",
    })
    void holdsWhateverStrikes(CrashPolicy policy, Nature first, boolean duplicate, String faults) {
        search(policy, first, duplicate, faults);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0} {1}, duplicate {2}, {3}")
    @CsvSource({
        "REPROCESS, HEALTHY, true, rebalances 2",
        "REPROCESS, HEALTHY, true, lostReplies 1 lateCommands 1 rebalances 1",
        "REPROCESS, HEALTHY, false, crashes 1 lapses 1 rebalances 1",
        "REPROCESS, HEALTHY, false, crashes 1 losses 1 rebalances 1",
        "REPROCESS, HEALTHY, false, lapses 1 losses 1 rebalances 1",
        "REPROCESS, HEALTHY, false, lateCommands 1 losses 1 rebalances 1",
        "QUARANTINE, HEALTHY, false, lapses 1 losses 1 rebalances 1",
        "REPROCESS, POISON, false, lapses 1 rebalances 1 redrives 1",
        "QUARANTINE, HEALTHY, false, crashes 1 lapses 1 rebalances 1",
        "QUARANTINE, HEALTHY, false, lapses 1 lateCommands 1 rebalances 1",
    })
    void holdsWhateverStrikesTogether(CrashPolicy policy, Nature first, boolean duplicate, String faults) {
        search(policy, first, duplicate, faults);
    }

    private static void search(CrashPolicy policy, Nature first, boolean duplicate, String faults) {
        int states = new ClaimSearch(Scenario.of(policy, first, duplicate, Budget.of(faults))).run();
        System.out.printf("%s %s, duplicate %s, %s: %,d states%n", policy, first, duplicate, faults, states);
        assertThat(states).isGreaterThan(1_000);
    }
}
