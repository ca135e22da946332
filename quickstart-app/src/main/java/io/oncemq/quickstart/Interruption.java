package io.oncemq.quickstart;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what it is told of when the JVM is asked to exit before {@link #close}: the last first. Thread-safe. */
final class Interruption implements AutoCloseable {
    private final Deque<Runnable> actions = new ArrayDeque<>();
    private final Thread hook = new Thread(this::run, "interruption");

    static Interruption handled() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    synchronized void then(Runnable action) {
        actions.push(action);
    }

    private synchronized void run() {
        actions.forEach(Runnable::run);
    }

    /** Nothing is left to be closed. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // the hook runs, or has run
        }
    }
}
