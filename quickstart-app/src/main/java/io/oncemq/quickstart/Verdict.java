package io.oncemq.quickstart;

import java.util.List;

/**
 * What an {@link Audit} found.
 *
 * @param effects entries of the ledger
 * @param lost confirmed messages with neither an effect nor a dead letter
 * @param duplicateEffects effects beyond the first of a message
 * @param inCrashWindow those of them that a crash explains
 * @param foreign messages with an effect whose id, key or sequence the input does not know
 * @param bounded whether no killed process explains more duplicates than it ran handlers
 * @param findings everything that counts against the run, in words
 */
record Verdict(
        int effects,
        int lost,
        int duplicateEffects,
        int inCrashWindow,
        int orderViolations,
        int foreign,
        boolean bounded,
        List<String> findings) {
    Verdict {
        findings = List.copyOf(findings);
    }

    boolean holds() {
        return lost == 0 && orderViolations == 0 && foreign == 0 && duplicateEffects == inCrashWindow && bounded;
    }
}
