package io.oncemq.testkit.history;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds messages whose first effect came after the first effect of a later message of the same key.
 *
 * <p>Repeated effects are not judged here; gaps are no violation. It needs messages published with increasing sequences
 * per key.
 */
public final class OrderCheck {
    private OrderCheck() {}

    /** Checks a history. */
    public static Findings in(History history) {
        Findings.Collector violations = new Findings.Collector("first effects out of order within their key");
        long[] highest = new long[history.keys()];
        Arrays.fill(highest, Long.MIN_VALUE);
        BitSet seen = new BitSet(history.messages());
        Effects effects = history.effectsInOrder();
        for (int effect = 0; effect < effects.size(); effect++) {
            int message = effects.message(effect);
            if (seen.get(message)) {
                continue;
            }
            seen.set(message);
            int key = history.key(message);
            if (history.sequence(message) <= highest[key]) {
                violations.add(history.describe(message) + " came after sequence " + highest[key]);
            } else {
                highest[key] = history.sequence(message);
            }
        }
        return violations.done();
    }
}
