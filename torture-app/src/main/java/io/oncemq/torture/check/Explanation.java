package io.oncemq.torture.check;

/** Why a message was handled again, as the history shows it. */
public enum Explanation {
    /** The process that handled it died before it was told that DONE is stored. */
    CRASH_WINDOW,
    /** The claim's lease had lapsed, for a reason that is there to see, and another owner was granted it. */
    ZOMBIE,
    /** The store may have forgotten it by then. */
    TTL,
    /** The store lost its data after DONE was stored. */
    STORE_LOSS,
    /** The handler failed after its effect, and was run again as it must be. */
    HANDLER_FAILED
}
