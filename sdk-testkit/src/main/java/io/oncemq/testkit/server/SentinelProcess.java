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

/** One sentinel, with the file in which it keeps what it knows. Not thread-safe; its owner locks. */
final class SentinelProcess {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);

    private final Path folder = TempFolders.create("sentinel");
    private final Path settings = folder.resolve("sentinel.conf");
    private final Path log = folder.resolve("sentinel.log");
    private final int port = FreePorts.reserve();
    private final String password;
    private @Nullable ChildProcess process;

    SentinelProcess(List<String> lines, String password) {
        this.password = password;
        List<String> all = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "daemonize no", "dir " + folder));
        all.addAll(lines);
        try {
            Files.write(settings, all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    void start() {
        if (isRunning()) {
            return;
        }
        List<String> command = List.of(RedisBinary.locate().toString(), settings.toString(), "--sentinel");
        ChildProcess child = ChildProcess.start(command, Map.of(), folder, log);
        process = child;
        Readiness.await("the sentinel", child, START_PATIENCE, () -> RedisPing.answers(port));
    }

    /** Whether it has found two replicas and two other sentinels, and could promote. */
    boolean knowsAll() {
        List<?> state = RedisTalk.list(port, password, "SENTINEL", "MASTER", RedisSentinel.NAME);
        return "2".equals(after(state, "num-slaves"))
                && "2".equals(after(state, "num-other-sentinels"))
                && RedisTalk.text(port, password, "SENTINEL", "CKQUORUM", RedisSentinel.NAME)
                        .startsWith("OK");
    }

    private static String after(List<?> pairs, String name) {
        int at = pairs.indexOf(name);
        return at < 0 ? "" : String.valueOf(pairs.get(at + 1));
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    void kill() {
        if (process != null) {
            process.kill();
        }
    }

    void pause() {
        if (process != null) {
            process.pause();
        }
    }

    void resume() {
        if (process != null) {
            process.resume();
        }
    }

    String logTail() {
        return process == null ? "" : process.logTail(20);
    }

    void close() {
        kill();
        FreePorts.release(port);
        TempFolders.delete(folder);
    }
}
