package io.oncemq.core.claim;

import io.oncemq.CrashPolicy;
import io.oncemq.spi.StoreCommand;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One small world to search.
 *
 * @param first what the handler makes of message 0; message 1 is always healthy
 * @param duplicate whether message 0 lies twice in the partition
 * @param tokensFromClock whether the store's clock carries tokens over the loss of its data
 * @param waitsAfterLoss whether the store grants nothing anew for a lease after it lost its data
 */
record Scenario(
        CrashPolicy policy,
        Nature first,
        boolean duplicate,
        Budget budget,
        Transitions transitions,
        boolean tokensFromClock,
        boolean waitsAfterLoss) {
    static final int MAX_ATTEMPTS = 2;

    enum Nature {
        HEALTHY,
        /** Its handler throws, until it is redriven. */
        POISON,
        /** Its handler takes the process with it. */
        KILLER
    }

    /** How often each fault may strike; crashes by a killer and the lapse of a dead owner's lease are free. */
    record Budget(
            int crashes, int lapses, int losses, int lostReplies, int lateCommands, int rebalances, int redrives) {
        static final Budget NOTHING = of("");

        /** For example {@code "crashes 1 lapses 2"}; what is not named does not strike. */
        static Budget of(String faults) {
            List<String> words = Arrays.asList(faults.split(" "));
            return new Budget(
                    count(words, "crashes"),
                    count(words, "lapses"),
                    count(words, "losses"),
                    count(words, "lostReplies"),
                    count(words, "lateCommands"),
                    count(words, "rebalances"),
                    count(words, "redrives"));
        }

        private static int count(List<String> words, String fault) {
            int at = words.indexOf(fault);
            return at < 0 ? 0 : Integer.parseInt(words.get(at + 1));
        }
    }

    /** The claim table, or a broken one. */
    interface Transitions {
        ClaimTable.Step apply(@Nullable ClaimRecord record, StoreCommand command, Instant now, LongSupplier tokens);
    }

    static Scenario of(CrashPolicy policy, Nature first, boolean duplicate, Budget budget) {
        return new Scenario(
                policy, first, duplicate, budget, new ClaimTable(policy, ClaimTableMatrix.LEASE)::apply, true, true);
    }

    Scenario with(Transitions broken) {
        return new Scenario(policy, first, duplicate, budget, broken, tokensFromClock, waitsAfterLoss);
    }

    Scenario withTokensFromCounterOnly() {
        return new Scenario(policy, first, duplicate, budget, transitions, false, waitsAfterLoss);
    }

    Scenario withoutWaitAfterLoss() {
        return new Scenario(policy, first, duplicate, budget, transitions, tokensFromClock, false);
    }

    /** Copy 0 and 2 are of message 0, copy 1 of message 1, copy 3 is message 0 redriven. */
    static int message(int copy) {
        return copy == 1 ? 1 : 0;
    }

    static int generation(int copy) {
        return copy == 3 ? 1 : 0;
    }

    Nature nature(int copy) {
        return copy == 1 || copy == 3 && first == Nature.POISON ? Nature.HEALTHY : first;
    }

    List<Integer> copies() {
        return duplicate ? List.of(0, 1, 2) : List.of(0, 1);
    }
}
