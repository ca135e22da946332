package io.oncemq;

/** What becomes of a message whose handler was started by a process that then disappeared. */
public enum CrashPolicy {
    /** It is handled again: at-least-once. The default. */
    REPROCESS,
    /**
     * It goes to the dead letter as in doubt, for effects that must never run twice. Every start is stored before its handler begins, which
     * costs a round trip to the store. A handler that fails may have had its effect too: it is retried only for exceptions that
     * {@link RetryPolicy#retryOn} declares to be safe, and goes to the dead letter for all others. A redrive by hand is handled once more.
     * Refused at start together with {@link DeadLetterPolicy#block}. Does not hold if the store loses its data: then it no longer knows
     * which messages were started.
     */
    QUARANTINE
}
