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

/** A Redis server as a child process. */
final class RedisProcess implements RedisNode {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final int BUS_DISTANCE = 10_000;

    private final Path folder = TempFolders.create("redis");
    private final Path log = folder.resolve("server.log");
    private final int port;
    private final boolean bus;
    private final List<String> command;
    private @Nullable ChildProcess process;

    /** @param bus whether it talks to others of a cluster, on a port so far above its own */
    RedisProcess(Path binary, List<String> arguments, boolean bus) {
        this.bus = bus;
        this.port = bus ? FreePorts.reservePair(BUS_DISTANCE) : FreePorts.reserve();
        command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
        command.addAll(List.of("--daemonize", "no", "--dir", data().toString()));
        command.addAll(arguments);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public void start() {
        if (isRunning()) {
            return;
        }
        try {
            Files.createDirectories(data());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ChildProcess child = ChildProcess.start(command, Map.of(), folder, log);
        process = child;
        Readiness.await("Redis", child, START_PATIENCE, () -> RedisPing.answers(port));
    }

    @Override
    public void kill() {
        if (process != null) {
            process.kill();
        }
    }

    @Override
    public void stop() {
        if (process != null) {
            process.stop(STOP_PATIENCE);
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
    public void wipe() {
        TempFolders.delete(data());
    }

    @Override
    public String logTail(int lines) {
        return process == null ? "" : process.logTail(lines);
    }

    @Override
    public long pid() {
        return running().pid();
    }

    @Override
    public void release() {
        FreePorts.release(port);
        if (bus) {
            FreePorts.release(port + BUS_DISTANCE);
        }
        TempFolders.delete(folder);
    }

    private ChildProcess running() {
        if (process == null) {
            throw new IllegalStateException("Redis was never started");
        }
        return process;
    }

    private Path data() {
        return folder.resolve("data");
    }
}
