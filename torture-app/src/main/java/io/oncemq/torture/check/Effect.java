package io.oncemq.torture.check;

/** One effect, and how the run of the handler that had it ended. Written by {@link Messages} only. */
final class Effect {
    static final long NEVER = Long.MAX_VALUE;

    final long nanos;
    final String process;
    final long token;
    long runEndedAt = NEVER;
    boolean runFailed;

    Effect(long nanos, String process, long token) {
        this.nanos = nanos;
        this.process = process;
        this.token = token;
    }

    /** Its run has ended, unless an earlier one had it. */
    void runEnds(String itsProcess, long itsToken, long now, boolean failed) {
        if (runEndedAt == NEVER && token == itsToken && process.equals(itsProcess)) {
            runEndedAt = now;
            runFailed = failed;
        }
    }

    /** Whether the very run that had it had failed by then. */
    boolean failedBy(long now) {
        return runFailed && runEndedAt <= now;
    }
}
