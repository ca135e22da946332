package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A name server or a broker of RocketMQ: one child JVM with a class path of its own. Not thread-safe; its server locks. */
final class RocketProcess {
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final String LOGGING = """
        <configuration>
          <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%d %p %t - %m%n</pattern></encoder>
          </appender>
          <logger name="RocketmqWaterMark" level="OFF"/>
          <root level="INFO"><appender-ref ref="console"/></root>
        </configuration>
        """;

    private final String name;
    private final Path folder;
    private final List<String> jvm;
    private final List<Path> classPath;
    private @Nullable ChildProcess process;
    private boolean paused;

    RocketProcess(String name, Path folder, List<String> jvm, List<Path> classPath) {
        this.name = name;
        this.folder = folder;
        this.jvm = jvm;
        this.classPath = classPath;
    }

    static List<Path> classPath(String version) {
        List<Path> classPath = new ArrayList<>(new MavenArtifacts()
                .classPath(
                        List.of(
                                "org.apache.rocketmq:rocketmq-broker:" + version,
                                "org.apache.rocketmq:rocketmq-namesrv:" + version),
                        Set.of()));
        classPath.add(LauncherJar.with(RocketBrokerMain.class));
        return List.copyOf(classPath);
    }

    /** Starts it on the data it has, without waiting; does nothing if it runs. */
    void launch(Map<String, String> config, String main, String... arguments) {
        if (isRunning()) {
            return;
        }
        write(config);
        List<String> command = new ArrayList<>(List.of(Executables.java().toString(), "-XX:+UseSerialGC"));
        command.addAll(jvm);
        command.addAll(List.of(
                "-Drocketmq.home.dir=" + folder,
                "-Duser.home=" + folder,
                "-Drmq.logback.configurationFile=" + logging().toUri(),
                "-cp",
                MavenArtifacts.join(classPath),
                main));
        command.addAll(List.of(arguments));
        process = ChildProcess.start(command, Map.of(), folder, folder.resolve("server.log"));
        paused = false;
    }

    /** Waits until something holds that only this process can bring about. */
    void await(BooleanSupplier ready) {
        Readiness.await(name, running(), START_PATIENCE, () -> {
            try {
                return ready.getAsBoolean();
            } catch (UncheckedIOException | ServerException notYet) {
                return false;
            }
        });
    }

    Path configuration() {
        return folder.resolve("server.conf");
    }

    Path data() {
        return folder.resolve("data");
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Whether it runs and is not frozen. */
    boolean serves() {
        return isRunning() && !paused;
    }

    long pid() {
        return running().pid();
    }

    void kill() {
        if (process != null) {
            process.kill();
        }
    }

    void terminate() {
        if (process != null) {
            resume();
            process.terminate();
        }
    }

    void awaitStopped() {
        if (process != null && !process.awaitExit(STOP_PATIENCE)) {
            process.kill();
        }
    }

    void pause() {
        running().pause();
        paused = true;
    }

    void resume() {
        if (paused) {
            running().resume();
            paused = false;
        }
    }

    String logTail(int lines) {
        return name + ":\n" + (process == null ? "" : process.logTail(lines));
    }

    private ChildProcess running() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }

    private Path logging() {
        return folder.resolve("logback.xml");
    }

    private void write(Map<String, String> config) {
        try {
            Files.createDirectories(data());
            Files.writeString(
                    configuration(),
                    config.entrySet().stream()
                            .map(line -> line.getKey() + "=" + line.getValue() + "\n")
                            .collect(Collectors.joining()));
            Files.writeString(logging(), LOGGING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
