package io.oncemq.testkit.server;

import java.nio.file.Path;
import java.util.Map;

/** One Kafka node, wherever it runs. Not thread-safe; its server locks. */
interface BrokerNode {

    /** The port of 127.0.0.1 that clients reach it by; the same for as long as the node exists. */
    int clientPort();

    /** What it names to clients: {@code host:port}. */
    String advertised();

    /** Takes effect with the next launch. */
    void advertise(String host, int port);

    /** Its entry in {@code controller.quorum.voters}. */
    String voter();

    boolean isRunning();

    /** Starts the node on the data it has, without waiting; {@link #awaitReady} does. Does nothing if it runs. */
    void launch(Map<String, String> shared, String clusterId);

    void awaitReady();

    void kill();

    void terminate();

    void awaitStopped();

    void pause();

    void resume();

    String logTail(int lines);

    /** A file with what it has printed so far. */
    Path log();

    long pid();

    /** Gives back what outlives a kill: ports, and a container. */
    void release();
}
