package io.oncemq.quickstart;

import java.util.concurrent.TimeoutException;

/** What the group has not settled yet, asked of the broker itself. */
interface Backlog extends AutoCloseable {
    /**
     * How many messages the broker has that the group has not acknowledged.
     *
     * @throws TimeoutException if the broker does not answer, as while it is restarted
     */
    long open() throws TimeoutException;

    @Override
    void close();
}
