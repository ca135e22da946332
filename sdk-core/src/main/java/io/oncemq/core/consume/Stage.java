package io.oncemq.core.consume;

/** Where a message is on its way; only {@link Work#move} changes it, on the event loop. */
enum Stage {
    /** Received; not claimed yet. */
    WAITING,
    /** A claim command is on its way. */
    CLAIMING,
    /** Another owner holds the claim; a timer will ask again. */
    BUSY,
    /** The same id is in flight in this process already; waits for that one. */
    FOLLOWING,
    /** Claimed, waits for its turn in the lane. */
    READY,
    /** The durable attempt count is being written. */
    STARTING,
    /** With the workers; see {@link Work#phase}. */
    DISPATCHED,
    /** The handler failed; a timer will start it again. */
    RETRYING,
    /** The handler has succeeded; what it published is not confirmed yet. */
    DERIVING,
    /** DONE is being stored. */
    COMPLETING,
    /** DEAD_LETTERING is being stored. */
    DEAD_MARKING,
    /** The dead letter is being published. */
    DEAD_PUBLISHING,
    /** DEAD_LETTERED is being stored. */
    DEAD_MARKED,
    /** Nothing is left to do; it leaves its lane when it comes to the head. */
    SETTLED;

    /** Whether it is claimed, or about to be, ahead of its turn. */
    boolean ahead() {
        return this == CLAIMING || this == READY || this == STARTING;
    }

    /** Whether a handler has been let loose on it, so that a handover must wait for the end. */
    boolean started() {
        return switch (this) {
            case DISPATCHED, DERIVING, COMPLETING, DEAD_MARKING, DEAD_PUBLISHING, DEAD_MARKED -> true;
            default -> false;
        };
    }
}
