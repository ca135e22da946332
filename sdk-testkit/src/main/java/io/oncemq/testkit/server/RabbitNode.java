package io.oncemq.testkit.server;

/** One RabbitMQ node, wherever it runs. Not thread-safe; its owner locks. */
interface RabbitNode {

    /** The port of 127.0.0.1 that clients reach it by; the same for as long as the node exists. */
    int port();

    /** The same for TLS; -1 if it has no such listener. */
    int tlsPort();

    boolean isRunning();

    /** Starts it on the data it has, without waiting; {@link #awaitReady} does. Does nothing if it runs. */
    void launch();

    void awaitReady();

    void kill();

    void stop();

    void pause();

    void resume();

    /**
     * Evaluates an Erlang expression in the node.
     *
     * @param expression without the full stop at its end
     * @return what it came to, as Erlang prints it
     * @throws ServerException if it fails, or the node does not answer within 30 seconds
     */
    String eval(String expression);

    String logTail(int lines);

    long pid();

    /** Gives back what outlives a kill: ports, the data, and a container. */
    void release();
}
