package io.oncemq.testkit.server;

import java.time.Duration;

/** A server's program that was started: a child process, or a container. */
interface ServerRun {

    boolean isAlive();

    /** The status with which it exited; not to be asked while it lives. */
    int exitStatus();

    /** Ends it as {@code kill -9} does, also while it is paused, and waits until it is gone. */
    void kill();

    /** Asks it to end, and returns at once. */
    void terminate();

    /** Waits for the exit; false if {@code patience} was spent first. */
    boolean awaitExit(Duration patience);

    void pause();

    /** Does nothing if it is not paused. */
    void resume();

    /** The last lines that it printed. */
    String logTail(int lines);

    /** How often it may be asked whether it is alive or ready. */
    default Duration askEvery() {
        return Duration.ofMillis(10);
    }

    /** Asks it to end, waits, and kills it if it did not. */
    default void stop(Duration patience) {
        terminate();
        if (!awaitExit(patience)) {
            kill();
        }
    }
}
