package io.oncemq.testkit.server;

/**
 * A real server that a test owns: it starts on ports of its own, survives {@link #kill()} with its data, and is gone
 * after {@link #close()}.
 *
 * <p>Methods block until the server is in the state they name, and may be called from any thread, one at a time.
 */
public interface Server extends AutoCloseable {

    /**
     * Starts the server on the data it already has, and waits until it answers. Does nothing if it runs.
     *
     * @throws ServerException if it exits or does not answer in time; the message carries the end of its log
     */
    void start();

    /** Ends the server as {@code kill -9} does, also in its container: nothing is flushed by the server, the page cache stays. */
    void kill();

    /** Asks the server to shut down in order, and kills it if it does not within 30 seconds. */
    void stop();

    /** Stops the server in order and starts it on the same data and ports. */
    default void restart() {
        stop();
        start();
    }

    /** Freezes the server ({@code SIGSTOP}, or {@code docker pause}): connections stay open and nothing answers. */
    void pause();

    /** Lets a paused server continue; does nothing to one that is not paused. */
    void resume();

    /** Whether the process or the container runs; a paused one does. */
    boolean isRunning();

    /** Where it runs. Fixtures that know processes only say so by this default. */
    default BackEnd backEnd() {
        return BackEnd.PROCESS;
    }

    /** What runs: a product and its version, or the image of its container. */
    default String description() {
        return getClass().getSimpleName();
    }

    /** The last lines that the server logged. */
    String logTail();

    /** Kills the server and deletes its data. */
    @Override
    void close();
}
