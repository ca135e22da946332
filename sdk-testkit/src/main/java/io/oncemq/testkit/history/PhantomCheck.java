package io.oncemq.testkit.history;

/**
 * Finds effects that should not exist: of messages never published, and of messages that the publisher reported as
 * rejected by the broker, and as nothing else.
 */
public final class PhantomCheck {
    private PhantomCheck() {}

    /** Checks a history. */
    public static Findings in(History history) {
        Findings.Collector phantoms = new Findings.Collector("effects of messages that the broker cannot have");
        for (int message = 0; message < history.messages(); message++) {
            if (!history.has(message, EventKind.EFFECT)) {
                continue;
            }
            if (!history.has(message, EventKind.PUBLISHED)) {
                phantoms.add(history.describe(message) + " was never published");
            } else if (onlyRejected(history, message)) {
                phantoms.add(history.describe(message) + " was reported as rejected");
            }
        }
        return phantoms.done();
    }

    private static boolean onlyRejected(History history, int message) {
        return history.has(message, EventKind.REJECTED)
                && !history.has(message, EventKind.CONFIRMED)
                && !history.has(message, EventKind.UNKNOWN);
    }
}
