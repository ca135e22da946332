package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server as a child process. A {@code redis-server} or {@code valkey-server} of version 6.2 or newer on the PATH
 * is preferred; otherwise a binary for this platform is fetched from Maven Central.
 *
 * <p>Port and data stay the same through kills and restarts. Thread-safe; methods block until the state they name is
 * reached.
 */
public final class RedisServer implements Server {
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    private final Path folder = TempFolders.create("redis");
    private final Path log = folder.resolve("server.log");
    private final int port = FreePorts.reserve();
    private final List<String> command;
    private final String password;
    private @Nullable ChildProcess process;

    private RedisServer(Builder builder) {
        password = builder.password;
        command = new ArrayList<>(List.of(RedisBinary.locate().toString()));
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
        command.addAll(List.of("--daemonize", "no", "--dir", data().toString()));
        command.addAll(List.of("--appendonly", "yes", "--appendfsync", builder.fsync.argument()));
        if (!password.isEmpty()) {
            command.addAll(List.of("--requirepass", password));
        }
        command.addAll(builder.arguments);
    }

    /** When the append-only file reaches the disk. */
    public enum Fsync {
        ALWAYS,
        EVERYSEC,
        NO;

        private String argument() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A server with the defaults of {@link #builder()}, started. */
    public static RedisServer started() {
        RedisServer server = builder().build();
        try {
            server.start();
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Defaults: append-only file with fsync every second, no snapshots, no password. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@code redis://127.0.0.1:port}, with the password if one is set. */
    public String uri() {
        return "redis://" + (password.isEmpty() ? "" : ":" + password + "@") + "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** The process id of the server, once it was started. */
    public synchronized long pid() {
        return running().pid();
    }

    @Override
    public synchronized void start() {
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
    public synchronized void kill() {
        if (process != null) {
            process.kill();
        }
    }

    @Override
    public synchronized void stop() {
        if (process != null) {
            process.stop(STOP_PATIENCE);
        }
    }

    /** Kills the server and starts it with all data gone: what a master without persistence does. */
    public synchronized void restartEmpty() {
        kill();
        TempFolders.delete(data());
        start();
    }

    @Override
    public synchronized void pause() {
        running().pause();
    }

    @Override
    public synchronized void resume() {
        running().resume();
    }

    @Override
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public synchronized String logTail() {
        return process == null ? "" : process.logTail(50);
    }

    @Override
    public synchronized void close() {
        kill();
        FreePorts.release(port);
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

    /** Settings of a server that does not exist yet. Not thread-safe. */
    public static final class Builder {
        private final List<String> arguments = new ArrayList<>();
        private Fsync fsync = Fsync.EVERYSEC;
        private String password = "";

        private Builder() {}

        /** When the append-only file reaches the disk. */
        public Builder appendFsync(Fsync value) {
            fsync = value;
            return this;
        }

        /** The password that clients need. */
        public Builder password(String value) {
            password = value;
            return this;
        }

        /** Any further setting: {@code argument("maxmemory", "20mb")}. */
        public Builder argument(String name, String value) {
            arguments.addAll(List.of("--" + name, value));
            return this;
        }

        /**
         * Finds or fetches the binary and reserves a port; nothing runs yet.
         *
         * @throws ServerException if there is no binary for this platform, or it cannot be fetched
         */
        public RedisServer build() {
            return new RedisServer(this);
        }
    }
}
