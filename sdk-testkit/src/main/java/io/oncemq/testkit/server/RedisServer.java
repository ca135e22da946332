package io.oncemq.testkit.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server: in a container where a Docker engine of this machine can run one, and as a child process elsewhere. The property
 * {@code oncemq.servers} ({@code docker}, {@code process}, {@code auto}) decides otherwise, and {@code oncemq.image.redis} names
 * another image than the official one.
 *
 * <p>For a process, a {@code redis-server} or {@code valkey-server} of version 6.2 or newer on the PATH is preferred; otherwise a
 * binary for this platform is fetched from Maven Central.
 *
 * <p>Port and data stay the same through kills and restarts. Thread-safe; methods block until the state they name is
 * reached.
 */
public final class RedisServer implements Server {
    private final RedisNode node;
    private final String password;
    private final BackEnd backEnd;
    private final String description;

    private RedisServer(Builder builder) {
        password = builder.password;
        String image = BackEnds.image("redis", "redis:8");
        backEnd = BackEnds.choose("Redis", image, builder.processOnly());
        if (backEnd == BackEnd.DOCKER) {
            node = new RedisContainer(image, builder.arguments());
            description = "Redis " + image;
        } else {
            Path binary = builder.binary == null ? RedisBinary.locate() : builder.binary;
            node = new RedisProcess(binary, builder.arguments(), builder.bus);
            description = RedisBinary.describe(binary);
        }
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
        return Servers.started(builder().build());
    }

    /** Defaults: append-only file with fsync every second, no snapshots, no password. */
    public static Builder builder() {
        return new Builder();
    }

    /** The one that runs unless another is named. */
    public static RedisVersion usualBinary() {
        return RedisBinary.usual();
    }

    /**
     * The servers that this machine has, one of each version: those named by the system property {@code oncemq.redis.binaries}, or
     * the environment variable {@code ONCEMQ_REDIS_BINARIES}, separated as in a PATH; that on the PATH; and the one from Maven
     * Central.
     */
    public static List<RedisVersion> binaries() {
        return RedisBinary.all();
    }

    /** {@code redis://127.0.0.1:port}, with the password if one is set. */
    public String uri() {
        return "redis://" + (password.isEmpty() ? "" : ":" + password + "@") + "127.0.0.1:" + port();
    }

    public int port() {
        return node.port();
    }

    /**
     * The process id of the server, once it was started.
     *
     * @throws ServerException if it runs in a container
     */
    public synchronized long pid() {
        return node.pid();
    }

    @Override
    public synchronized void start() {
        node.start();
        UsedServers.say(this);
    }

    @Override
    public BackEnd backEnd() {
        return backEnd;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public synchronized void kill() {
        node.kill();
    }

    @Override
    public synchronized void stop() {
        node.stop();
    }

    /** Kills the server and starts it with all data gone: what a master without persistence does. */
    public synchronized void restartEmpty() {
        node.kill();
        node.wipe();
        node.start();
    }

    @Override
    public synchronized void pause() {
        node.pause();
    }

    @Override
    public synchronized void resume() {
        node.resume();
    }

    @Override
    public synchronized boolean isRunning() {
        return node.isRunning();
    }

    @Override
    public synchronized String logTail() {
        return node.logTail(50);
    }

    @Override
    public synchronized void close() {
        node.kill();
        node.release();
    }

    /** Settings of a server that does not exist yet. Not thread-safe. */
    public static final class Builder {
        private final List<String> arguments = new ArrayList<>();
        private Fsync fsync = Fsync.EVERYSEC;
        private String password = "";
        private @Nullable Path binary;
        private boolean bus;
        private boolean asProcess;

        private Builder() {}

        /** Why this server is a process under each setting; null if it need not be. */
        private @Nullable String processOnly() {
            if (binary != null) {
                return "a program of this machine was named";
            }
            if (arguments.stream().anyMatch(value -> value.startsWith("/") && Files.exists(Path.of(value)))) {
                return "its arguments name files of this machine";
            }
            return asProcess ? "it was built so" : null;
        }

        private List<String> arguments() {
            List<String> all = new ArrayList<>(List.of("--save", "", "--appendonly", "yes"));
            all.addAll(List.of("--appendfsync", fsync.argument()));
            if (!password.isEmpty()) {
                all.addAll(List.of("--requirepass", password));
            }
            all.addAll(arguments);
            return all;
        }

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

        /** The program to run, as a child process; {@link #binaries} lists some. */
        public Builder binary(Path program) {
            binary = program;
            return this;
        }

        /** A node of a cluster. */
        Builder clustered() {
            bus = true;
            return binary(RedisBinary.locate());
        }

        /** It begins as a replica of that server. */
        Builder replicaOf(int master) {
            arguments.addAll(List.of("--replicaof", "127.0.0.1", Integer.toString(master)));
            return this;
        }

        /** It also listens at IPv6's loopback address, where there is one, and names this host to those who ask for replicas. */
        Builder announce(String host) {
            arguments.addAll(List.of("--bind", "127.0.0.1", "-::1"));
            return argument("replica-announce-ip", host);
        }

        /** Any further setting: {@code argument("maxmemory", "20mb")}. */
        public Builder argument(String name, String value) {
            arguments.addAll(List.of("--" + name, value));
            return this;
        }

        /** As a child process, whatever the property {@code oncemq.servers} says. */
        public Builder asProcess() {
            asProcess = true;
            return this;
        }

        /**
         * Finds or fetches the binary, or the image, and reserves a port; nothing runs yet.
         *
         * @throws ServerException if there is no binary for this platform, or it cannot be fetched, or {@code oncemq.servers} is
         *     {@code docker} and no container can run
         */
        public RedisServer build() {
            return new RedisServer(this);
        }
    }
}
