package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's one node in a container of the official image, or of one that takes its configuration from the same places.
 * Not thread-safe; its server locks.
 */
final class KafkaContainerNode implements BrokerNode {
    private static final int CLIENT = 9092;
    private static final int BROKER = 9093;
    private static final int CONTROLLER = 9094;

    /** Where the image looks for a configuration that is not its own. */
    private static final String CONFIG_FOLDER = "/mnt/shared/config";

    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    private final String image;
    private final Path folder;
    private final String heap;
    private final boolean quickStart;
    private final int clientPort = FreePorts.reserve();
    private String advertised = "127.0.0.1:" + clientPort;
    private @Nullable Container container;
    private int printedBefore;

    KafkaContainerNode(String image, Path folder, String heap, boolean quickStart) {
        this.image = image;
        this.folder = folder;
        this.heap = heap;
        this.quickStart = quickStart;
    }

    @Override
    public int clientPort() {
        return clientPort;
    }

    @Override
    public String advertised() {
        return advertised;
    }

    @Override
    public void advertise(String host, int port) {
        advertised = host + ":" + port;
    }

    @Override
    public String voter() {
        return "0@127.0.0.1:" + CONTROLLER;
    }

    @Override
    public boolean isRunning() {
        return container != null && container.isAlive();
    }

    @Override
    public void launch(Map<String, String> shared, String clusterId) {
        if (isRunning()) {
            return;
        }
        Container mine = container == null ? plan(clusterId).create() : container;
        container = mine;
        mine.write(CONFIG_FOLDER, "server.properties", configuration(shared));
        printedBefore = mine.output().length();
        mine.start();
    }

    @Override
    public void awaitReady() {
        Container mine = started();
        Readiness.await(
                "Kafka", mine, START_PATIENCE, () -> mine.output().indexOf("Kafka Server started", printedBefore) >= 0);
    }

    @Override
    public void kill() {
        if (container != null) {
            container.kill();
        }
    }

    @Override
    public void terminate() {
        if (container != null) {
            container.terminate();
        }
    }

    @Override
    public void awaitStopped() {
        if (container != null && !container.awaitExit(STOP_PATIENCE)) {
            container.kill();
        }
    }

    @Override
    public void pause() {
        started().pause();
    }

    @Override
    public void resume() {
        started().resume();
    }

    @Override
    public String logTail(int lines) {
        return container == null ? "" : container.logTail(lines);
    }

    /** What the container has printed up to now. */
    @Override
    public Path log() {
        try {
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve("server.log"), container == null ? "" : container.output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long pid() {
        throw BackEnds.noPid("Kafka");
    }

    @Override
    public void release() {
        if (container != null) {
            container.remove();
        }
        FreePorts.release(clientPort);
    }

    private ContainerPlan plan(String clusterId) {
        String minimum = quickStart ? "" : " -Xms" + heap;
        String compiler = quickStart ? " -XX:TieredStopAtLevel=1" : "";
        List<String> environment = List.of(
                "CLUSTER_ID=" + clusterId,
                "KAFKA_HEAP_OPTS=-Xmx" + heap + minimum,
                "KAFKA_JVM_PERFORMANCE_OPTS=-XX:+UseSerialGC" + compiler);
        return new ContainerPlan(image, CLIENT, clientPort, environment, List.of());
    }

    private String configuration(Map<String, String> shared) {
        String own = "node.id=0\n"
                + "listeners=CLIENT://0.0.0.0:" + CLIENT + ",BROKER://127.0.0.1:" + BROKER + ",CONTROLLER://127.0.0.1:"
                + CONTROLLER + "\n"
                + "advertised.listeners=CLIENT://" + advertised + ",BROKER://127.0.0.1:" + BROKER + "\n"
                + "log.dirs=/var/lib/kafka/data\n";
        return shared.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n", own, "\n"));
    }

    private Container started() {
        if (container == null) {
            throw new IllegalStateException("Kafka was never started");
        }
        return container;
    }
}
