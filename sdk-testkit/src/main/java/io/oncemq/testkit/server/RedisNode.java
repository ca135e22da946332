package io.oncemq.testkit.server;

/** One Redis server, wherever it runs. Not thread-safe; its owner locks. */
interface RedisNode {

    /** The port of 127.0.0.1 that clients reach it by; the same for as long as the node exists. */
    int port();

    boolean isRunning();

    /** Starts it on the data it has, and waits until it serves. Does nothing if it runs. */
    void start();

    void kill();

    void stop();

    void pause();

    void resume();

    /** Deletes the data; only while it is down. */
    void wipe();

    String logTail(int lines);

    long pid();

    /** Gives back what outlives a kill: the port, the data, and a container. */
    void release();
}
