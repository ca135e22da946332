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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * ActiveMQ Artemis: one broker with its journal on disk, without users by default.
 *
 * <p>It is a child process with a class path of its own, whose artifacts come from the local Maven repository or are fetched into it
 * on the first use. Port and data stay the same through kills and restarts. By default it is set as {@code artemis create} sets
 * it, since an empty configuration drops messages, but with {@code max-disk-usage} 100: messages that were delivered ten times go
 * to the address {@code DLQ}, expired ones to {@code ExpiryQueue}, a full address pages,
 * and what is sent to an address that does not exist creates it.
 *
 * <p>Thread-safe; methods block until the state they name is reached.
 */
public final class ArtemisServer implements Server {
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final int TAIL = 50;
    /** Binds the broker's logger; it says nothing without. */
    private static final String LOGGING = "org.slf4j:slf4j-simple:2.0.18";

    /** Its pom names it, nothing needs it to run, and it is not to be had for 2.56.0. */
    private static final String COMPILE_TIME = "org.apache.artemis:artemis-log-annotation-processor";

    private final Path folder = TempFolders.create("artemis");
    private final int port = FreePorts.reserve();
    private final int tlsPort;
    private final Path data;
    private final @Nullable TestCertificates certificates;
    private final ArtemisSecurity security = new ArtemisSecurity(folder);
    private final String version;
    private final List<String> command;
    private final ArtemisConfig config;
    private @Nullable ChildProcess process;
    private boolean paused;

    private ArtemisServer(Builder builder) {
        version = builder.version;
        config = builder.config;
        data = builder.primary == null ? folder.resolve("data") : builder.primary.data;
        certificates = builder.certificates;
        tlsPort = certificates == null ? 0 : FreePorts.reserve();
        command = command(builder);
    }

    private List<String> command(Builder builder) {
        List<Path> classPath = new ArrayList<>(new MavenArtifacts()
                .classPath(
                        List.of("org.apache.artemis:artemis-server:" + builder.version, LOGGING),
                        Set.of(COMPILE_TIME)));
        classPath.add(LauncherJar.with(ArtemisMain.class));
        List<String> line = new ArrayList<>(
                List.of(Executables.java().toString(), "-Xmx" + builder.heap, "-XX:+UseSerialGC", "-cp"));
        line.add(MavenArtifacts.join(classPath));
        if (!builder.benchmark) {
            // C1 alone starts sooner and needs less; measurements want all compilers.
            line.add(1, "-XX:TieredStopAtLevel=1");
        }
        if (builder.accessControl) {
            line.add(security.jvm());
        }
        line.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                ArtemisMain.class.getName(),
                configuration().toUri().toString()));
        if (builder.primary != null) {
            line.add("stands by");
        }
        return List.copyOf(line);
    }

    /** One broker, started. */
    public static ArtemisServer started() {
        return Servers.started(builder().build());
    }

    /** Defaults: Artemis 2.56.0, 160 MB of heap. */
    public static Builder builder() {
        return new Builder();
    }

    /** The port that it listens on, for Artemis' own protocol. */
    public int port() {
        return port;
    }

    /** The port that it listens on for who talks by TLS and shows a certificate of the same authority, see {@link Builder#tls}. */
    public int tlsPort() {
        if (certificates == null) {
            throw new IllegalStateException("Artemis was built without TLS");
        }
        return tlsPort;
    }

    /**
     * Makes a user of a server with {@link Builder#accessControl}, or changes one: within a second or so, also for connections that it has.
     *
     * @param permissions of Artemis, such as {@code send} or {@code consume}, on all addresses
     */
    public synchronized void createUser(String name, String password, String... permissions) {
        security.user(name, password, List.of(permissions));
    }

    /** What clients are given: {@code tcp://127.0.0.1:port}. */
    public String uri() {
        return "tcp://127.0.0.1:" + port;
    }

    /** The process id of a broker that was started. */
    public synchronized long pid() {
        return running().pid();
    }

    @Override
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        security.write();
        write();
        long logged = Readiness.size(log());
        process = ChildProcess.start(command, Map.of(), folder, log());
        paused = false;
        Readiness.await("Artemis", process, START_PATIENCE, () -> Readiness.logged(log(), logged, ArtemisMain.READY));
        UsedServers.say(this);
    }

    private void write() {
        try {
            Files.writeString(configuration(), config.text(data, acceptors()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> acceptors() {
        Map<String, String> all = new TreeMap<>(Map.of("clients", uri() + "?protocols=CORE"));
        TestCertificates tls = certificates;
        if (tls != null) {
            String secret = "StorePassword=" + tls.password();
            all.put(
                    "encrypted",
                    "tcp://127.0.0.1:" + tlsPort
                            + "?protocols=CORE;sslEnabled=true;needClientAuth=true;keyStoreType=PKCS12"
                            + ";keyStorePath=" + tls.serverStore() + ";key" + secret
                            + ";trustStoreType=PKCS12;trustStorePath="
                            + tls.trustStore() + ";trust" + secret);
        }
        return all;
    }

    private Path configuration() {
        return folder.resolve("broker.xml");
    }

    private Path log() {
        return folder.resolve("server.log");
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
            resume();
            process.stop(STOP_PATIENCE);
        }
    }

    @Override
    public synchronized void pause() {
        running().pause();
        paused = true;
    }

    @Override
    public synchronized void resume() {
        if (paused) {
            running().resume();
            paused = false;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public String description() {
        return "Artemis " + version;
    }

    @Override
    public synchronized String logTail() {
        return process == null ? "" : process.logTail(TAIL);
    }

    private ChildProcess running() {
        if (process == null) {
            throw new IllegalStateException("Artemis was never started");
        }
        return process;
    }

    @Override
    public synchronized void close() {
        kill();
        FreePorts.release(port);
        if (certificates != null) {
            FreePorts.release(tlsPort);
        }
        TempFolders.delete(folder);
    }

    /** Settings of a server that does not exist yet. Not thread-safe. */
    public static final class Builder {
        private final ArtemisConfig config = new ArtemisConfig();
        private String version = "2.56.0";
        private String heap = "160m";
        private boolean benchmark;
        private boolean accessControl;
        private @Nullable TestCertificates certificates;
        private @Nullable ArtemisServer primary;

        private Builder() {}

        /** The version of {@code org.apache.artemis:artemis-server}. */
        public Builder version(String value) {
            version = value;
            return this;
        }

        /** Sets an element of {@code broker.xml} below {@code core}, also one that has a default here. */
        public Builder config(String name, Object value) {
            config.core(name, value.toString());
            return this;
        }

        /** Sets an element of the settings that all addresses have, also one that has a default here. */
        public Builder addressSetting(String name, Object value) {
            config.addresses(name, value.toString());
            return this;
        }

        /** Lets it listen on a second port as well, by TLS, to who shows a certificate of the same authority. */
        public Builder tls(TestCertificates testCertificates) {
            certificates = testCertificates;
            return this;
        }

        /** Makes it ask for users and look at what they may do, see {@link ArtemisServer#createUser}. */
        public Builder accessControl() {
            accessControl = true;
            // Else it would cache rights for ten seconds.
            config.core("authentication-cache-size", "0");
            config.core("authorization-cache-size", "0");
            return config("security-enabled", true);
        }

        /** Lets a {@link #backupOf} take over its data. */
        public Builder primary() {
            config.pair("primary");
            return this;
        }

        /**
         * Shares the data of another broker, and serves once that one is gone; {@link ArtemisServer#start} returns when it stands by. It
         * has a port of its own, and is closed before the other.
         */
        public Builder backupOf(ArtemisServer other) {
            config.pair("backup");
            primary = other;
            return this;
        }

        /** For measurements: 1 GB of heap and all compilers; starts slower. */
        public Builder benchmark() {
            benchmark = true;
            heap = "1g";
            return this;
        }

        /**
         * Resolves the artifacts and reserves a port; nothing runs yet.
         *
         * @throws ServerException if the artifacts cannot be resolved
         */
        public ArtemisServer build() {
            return new ArtemisServer(this);
        }
    }
}
