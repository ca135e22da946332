package io.oncemq.quickstart;

import java.util.List;

/** Reads along with a raw client, and writes with it. Goes on by itself when the broker was away. For one thread. */
interface Tap extends AutoCloseable {
    /** Stands in the headers of what a tap has written. */
    String MARK = "written-again";

    /** One message that was read. */
    interface Original {
        /**
         * Writes it again, byte for byte but for the mark.
         *
         * @param stored called when the broker has confirmed the copy; not at all if it has not
         */
        void writeAgain(Runnable stored);
    }

    /** What has come since, without the copies; waits shortly if nothing has. */
    List<Original> read();

    /** Whether everything that the broker has was read. */
    boolean isAtEnd();

    /** Returns when the outcome of what was written is known. */
    void flush();

    @Override
    void close();
}
