package io.oncemq.testkit.history;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;

/**
 * Finds repeated effects and tells those that a crash explains from those that nothing does.
 *
 * <p>A repeated effect is in the crash window if the effect before it came from a process that was killed later, the
 * repetition came after that kill began, and no DONE for the message was stored before the repetition. A process can
 * leave at most as many messages in that state as it handles at once; what exceeds that is unexplained.
 */
public final class DuplicateCheck {
    private static final int NONE = -1;

    private final History history;
    private final LongToIntFunction concurrency;
    private final Findings.Collector explained = new Findings.Collector("repeated effects in a crash window");
    private final Findings.Collector unexplained = new Findings.Collector("repeated effects without an explanation");
    private final SortedMap<Long, Integer> perProcess = new TreeMap<>();

    private DuplicateCheck(History history, LongToIntFunction concurrency) {
        this.history = history;
        this.concurrency = concurrency;
    }

    /**
     * Checks a history.
     *
     * @param concurrency how many messages a killed process, given by its id, handled at once
     */
    public static Duplicates in(History history, LongToIntFunction concurrency) {
        DuplicateCheck check = new DuplicateCheck(history, concurrency);
        check.run();
        return new Duplicates(check.explained.done(), check.unexplained.done(), check.perProcess);
    }

    private void run() {
        int[] previous = new int[history.messages()];
        Arrays.fill(previous, NONE);
        Effects effects = history.effectsInOrder();
        for (int effect = 0; effect < effects.size(); effect++) {
            int message = effects.message(effect);
            if (previous[message] != NONE) {
                classify(effects, previous[message], effect);
            }
            previous[message] = effect;
        }
    }

    private void classify(Effects effects, int earlier, int repeated) {
        int message = effects.message(repeated);
        long process = effects.process(earlier);
        String text = history.describe(message) + " by process " + process + ", again by process "
                + effects.process(repeated);
        if (!inCrashWindow(effects, earlier, repeated)) {
            unexplained.add(text);
        } else if (perProcess.merge(process, 1, Integer::sum) > concurrency.applyAsInt(process)) {
            unexplained.add(text + ", more than it handled at once");
        } else {
            explained.add(text);
        }
    }

    private boolean inCrashWindow(Effects effects, int earlier, int repeated) {
        History.Kill kill = history.kill(effects.process(earlier));
        return effects.nanos(earlier) <= kill.endedNanos()
                && effects.nanos(repeated) >= kill.begunNanos()
                && effects.nanos(repeated) < history.doneNanos(effects.message(repeated));
    }
}
