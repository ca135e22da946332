package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One Kafka process: broker and controller on three ports of its own. Not thread-safe; its server locks. */
final class KafkaNode implements BrokerNode {
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final String LOGGING = """
        rootLogger.level = INFO
        rootLogger.appenderRef.console.ref = console
        appender.console.type = Console
        appender.console.name = console
        appender.console.direct = true
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d %p %c{1}: %m%n
        """;

    private final int id;
    private final Path folder;
    private final KafkaJvm jvm;
    private final @Nullable KafkaSecurity security;
    private final int clientPort = FreePorts.reserve();
    private final int brokerPort = FreePorts.reserve();
    private final int controllerPort = FreePorts.reserve();
    private String advertised = "127.0.0.1:" + clientPort;
    private @Nullable ChildProcess process;
    private long logStart;

    KafkaNode(int id, Path folder, KafkaJvm jvm, @Nullable KafkaSecurity security) {
        this.id = id;
        this.folder = folder;
        this.jvm = jvm;
        this.security = security;
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
        return id + "@127.0.0.1:" + controllerPort;
    }

    @Override
    public Path log() {
        return folder.resolve("server.log");
    }

    @Override
    public long pid() {
        return running().pid();
    }

    @Override
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public void launch(Map<String, String> shared, String clusterId) {
        if (isRunning()) {
            return;
        }
        writeFiles(shared);
        logStart = Readiness.size(log());
        List<String> command = new ArrayList<>(jvm.command(logging()));
        command.addAll(List.of(properties().toString(), data().toString(), clusterId));
        if (security != null) {
            command.addAll(security.formatOptions());
        }
        process = ChildProcess.start(command, Map.of(), folder, log());
    }

    @Override
    public void awaitReady() {
        ChildProcess child = running();
        Readiness.await(
                "Kafka node " + id,
                child,
                START_PATIENCE,
                () -> Readiness.logged(log(), logStart, "Kafka Server started"));
    }

    @Override
    public void kill() {
        if (process != null) {
            process.kill();
        }
    }

    @Override
    public void terminate() {
        if (process != null) {
            process.terminate();
        }
    }

    @Override
    public void awaitStopped() {
        if (process != null && !process.awaitExit(STOP_PATIENCE)) {
            process.kill();
        }
    }

    @Override
    public void pause() {
        running().pause();
    }

    @Override
    public void resume() {
        running().resume();
    }

    @Override
    public String logTail(int lines) {
        return process == null ? "" : process.logTail(lines);
    }

    @Override
    public void release() {
        FreePorts.release(clientPort);
        FreePorts.release(brokerPort);
        FreePorts.release(controllerPort);
        if (security != null) {
            security.releasePorts();
        }
    }

    private ChildProcess running() {
        if (process == null) {
            throw new IllegalStateException("Kafka node " + id + " was never started");
        }
        return process;
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path logging() {
        return folder.resolve("log4j2.properties");
    }

    private Path properties() {
        return folder.resolve("server.properties");
    }

    private void writeFiles(Map<String, String> shared) {
        List<String> lines = new ArrayList<>(List.of(
                "node.id=" + id,
                "listeners=CLIENT://127.0.0.1:" + clientPort + ",BROKER://127.0.0.1:" + brokerPort
                        + ",CONTROLLER://127.0.0.1:" + controllerPort
                        + (security == null ? "" : "," + security.listeners()),
                "advertised.listeners=CLIENT://" + advertised + ",BROKER://127.0.0.1:" + brokerPort
                        + (security == null ? "" : "," + security.advertisedListeners()),
                "log.dirs=" + data()));
        shared.forEach((name, value) -> lines.add(name + "=" + value));
        try {
            Files.createDirectories(folder);
            Files.write(properties(), lines);
            Files.writeString(logging(), LOGGING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
