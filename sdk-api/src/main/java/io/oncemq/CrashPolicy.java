package io.oncemq;

/** What becomes of a message whose handler was started by a process that then disappeared. */
public enum CrashPolicy {
    /** It is handled again: at-least-once. The default. */
    REPROCESS,
    /** It goes to the dead letter as in doubt, for effects that must never run twice. */
    QUARANTINE
}
