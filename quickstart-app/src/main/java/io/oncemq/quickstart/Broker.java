package io.oncemq.quickstart;

import java.util.Set;

/** The broker of a run: the server itself, and what is read from it and written to it without OnceMQ. */
interface Broker extends AutoCloseable {
    /** Where the processes of the run find it; the same after a kill. */
    String address();

    /** As {@code kill -9}; returns when it is gone. */
    void kill();

    /** Starts it on its data; returns when it answers. */
    void start();

    /** For one thread. The destination must exist. */
    Tap tap(Stop stop);

    Backlog backlog();

    /** The ids of the messages in the dead-letter destination. */
    Set<String> deadLetters();

    @Override
    void close();
}
