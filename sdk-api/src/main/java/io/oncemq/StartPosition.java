package io.oncemq;

/** Where a group begins that has no position yet. */
public enum StartPosition {
    /** At the oldest message that the broker still has. The default: nothing is skipped. */
    EARLIEST,
    /** Behind the newest message at the time of the first start. */
    LATEST
}
