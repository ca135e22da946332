package io.oncemq.testkit.history;

/** Finds messages that the publisher reported as kept and that had neither an effect nor a dead letter. */
public final class LostCheck {
    private LostCheck() {}

    /** Checks a history to which nothing will be added: everything that was going to be handled has been. */
    public static Findings in(History history) {
        Findings.Collector lost = new Findings.Collector("confirmed messages without an effect");
        for (int message = 0; message < history.messages(); message++) {
            if (history.has(message, EventKind.CONFIRMED)
                    && !history.has(message, EventKind.EFFECT)
                    && !history.has(message, EventKind.DEAD_LETTERED)) {
                lost.add(history.describe(message));
            }
        }
        return lost.done();
    }
}
