package io.oncemq.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ActiveMQ Classic: one broker with KahaDB on disk and a scheduler, without users unless it is told to ask for them.
 *
 * <p>It is a child process with a class path of its own, whose artifacts come from the local Maven repository or are fetched into it
 * on the first use. Port and data stay the same through kills and restarts. Unless told otherwise its destinations have the defaults of the
 * broker: they are created by their first use, and what expires, or is refused by a client too often, goes to the queue {@code ActiveMQ.DLQ}.
 *
 * <p>Thread-safe; methods block until the state they name is reached.
 */
public final class ActiveMqServer implements Server {
    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final int TAIL = 50;
    /** Binds the broker's logger; it says nothing without. */
    private static final String LOGGING = "org.slf4j:slf4j-simple:2.0.18";

    private final Path folder = TempFolders.create("activemq");
    private final int port = FreePorts.reserve();
    private final int tlsPort;
    private final @Nullable TestCertificates certificates;
    private final String version;
    private final List<String> command;
    private final Properties config = new Properties();
    private @Nullable ChildProcess process;
    private int changes;
    private boolean paused;

    private ActiveMqServer(Builder builder) {
        version = builder.version;
        certificates = builder.certificates;
        tlsPort = certificates == null ? 0 : FreePorts.reserve();
        command = command(builder);
        config.putAll(builder.config);
        config.setProperty(
                ActiveMqMain.BROKER + "dataDirectory", folder.resolve("data").toString());
        config.setProperty(ActiveMqMain.FOLDER, folder.resolve("data/kahadb").toString());
        config.setProperty(ActiveMqMain.CONNECTOR, uri() + builder.connector);
        if (certificates != null) {
            config.setProperty(
                    ActiveMqMain.TLS_CONNECTOR, "ssl://127.0.0.1:" + tlsPort + "?transport.needClientAuth=true");
        }
    }

    private List<String> command(Builder builder) {
        List<String> artifacts =
                new ArrayList<>(List.of("org.apache.activemq:activemq-kahadb-store:" + builder.version, LOGGING));
        if (builder.asksForUsers()) {
            artifacts.add("org.apache.activemq:activemq-jaas:" + builder.version);
        }
        List<Path> classPath = new ArrayList<>(new MavenArtifacts().classPath(List.copyOf(artifacts), Set.of()));
        classPath.add(LauncherJar.with(ActiveMqMain.class));
        List<String> line = new ArrayList<>(
                List.of(Executables.java().toString(), "-Xmx" + builder.heap, "-XX:+UseSerialGC", "-cp"));
        line.add(MavenArtifacts.join(classPath));
        if (!builder.benchmark) {
            // C1 alone starts sooner and needs less; measurements want all compilers.
            line.add(1, "-XX:TieredStopAtLevel=1");
        }
        if (certificates != null) {
            String ssl = "-Djavax.net.ssl.";
            line.addAll(List.of(
                    ssl + "keyStore=" + certificates.serverStore(),
                    ssl + "keyStoreType=PKCS12",
                    ssl + "keyStorePassword=" + certificates.password(),
                    ssl + "trustStore=" + certificates.trustStore(),
                    ssl + "trustStoreType=PKCS12",
                    ssl + "trustStorePassword=" + certificates.password()));
        }
        line.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                ActiveMqMain.class.getName(),
                configuration().toString()));
        return List.copyOf(line);
    }

    /** One broker, started. */
    public static ActiveMqServer started() {
        return Servers.started(builder().build());
    }

    /** Defaults: ActiveMQ 6.3.1, 160 MB of heap, each write synchronous. */
    public static Builder builder() {
        return new Builder();
    }

    /** The port that it listens on, for OpenWire. */
    public int port() {
        return port;
    }

    /** The port that it listens on for who talks by TLS and shows a certificate of the same authority, see {@link Builder#tls}. */
    public int tlsPort() {
        if (certificates == null) {
            throw new IllegalStateException("ActiveMQ was built without TLS");
        }
        return tlsPort;
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
        write();
        long logged = Readiness.size(log());
        process = ChildProcess.start(command, Map.of(), folder, log());
        paused = false;
        Readiness.await("ActiveMQ", process, START_PATIENCE, () -> Readiness.logged(log(), logged, ActiveMqMain.READY));
        UsedServers.say(this);
    }

    /** At once: the broker may be reading. */
    private void write() {
        Path draft = folder.resolve("broker.properties.draft");
        try (Writer file = Files.newBufferedWriter(draft)) {
            config.store(file, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Files.move(draft, configuration(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes a user of a running server that was built with one, or changes one: the broker looks at the password when a connection is made,
     * and at rights when a consumer comes or a message is sent.
     *
     * @param rights all that the user may do: an operation and a destination, as {@link Builder#permit} takes them, such as
     *     {@code read queue://orders}
     */
    public synchronized void createUser(String name, String password, List<String> rights) {
        config.keySet().removeIf(key -> String.valueOf(key).startsWith(ActiveMqMain.RIGHT + name + " "));
        config.setProperty(ActiveMqMain.USER + name, password);
        for (int i = 0; i < rights.size(); i++) {
            config.setProperty(ActiveMqMain.RIGHT + name + " " + i, name + " " + rights.get(i));
        }
        config.setProperty(ActiveMqMain.CHANGE, Integer.toString(++changes));
        long logged = Readiness.size(log());
        write();
        String taken = ActiveMqMain.CHANGED + changes + ".";
        Readiness.await("ActiveMQ", running(), START_PATIENCE, () -> Readiness.logged(log(), logged, taken));
    }

    private Path configuration() {
        return folder.resolve("broker.properties");
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
        return "ActiveMQ " + version;
    }

    @Override
    public synchronized String logTail() {
        return process == null ? "" : process.logTail(TAIL);
    }

    private ChildProcess running() {
        if (process == null) {
            throw new IllegalStateException("ActiveMQ was never started");
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
        private final Properties config = new Properties();
        private String version = "6.3.1";
        private String heap = "160m";
        private boolean benchmark;
        private int rights;
        private String connector = "";
        private @Nullable TestCertificates certificates;

        private Builder() {
            broker("brokerName", "oncemq");
            broker("useJmx", false);
            broker("useShutdownHook", false);
            broker("schedulerSupport", true);
            store("journalMaxFileLength", 4 << 20);
            store("journalDiskSyncStrategy", "always");
        }

        /** The version of {@code org.apache.activemq:activemq-broker}. */
        public Builder version(String value) {
            version = value;
            return this;
        }

        /** Sets an attribute of {@code <broker>} in {@code activemq.xml}, also one that has a value here. */
        public Builder broker(String name, Object value) {
            config.setProperty(ActiveMqMain.BROKER + name, value.toString());
            return this;
        }

        /** Sets an attribute of {@code <kahaDB>}, also one that has a value here. */
        public Builder store(String name, Object value) {
            config.setProperty(ActiveMqMain.STORE + name, value.toString());
            return this;
        }

        /** Sets an attribute of the {@code <policyEntry>} that all queues have. */
        public Builder policy(String name, Object value) {
            config.setProperty(ActiveMqMain.POLICY + name, value.toString());
            return this;
        }

        /** Sets an option of the {@code <transportConnector>} without TLS, such as {@code wireFormat.maxFrameSize}. */
        public Builder connector(String name, Object value) {
            connector += (connector.isEmpty() ? "?" : "&") + name + "=" + value;
            return this;
        }

        /** Lets it listen on a second port as well, by TLS, to who shows a certificate of the same authority. */
        public Builder tls(TestCertificates testCertificates) {
            certificates = testCertificates;
            return this;
        }

        /** Makes a user. With the first one it authenticates clients, and allows nothing that {@link #permit} does not name. */
        public Builder user(String name, String password) {
            config.setProperty(ActiveMqMain.USER + name, password);
            return this;
        }

        private boolean asksForUsers() {
            return config.stringPropertyNames().stream().anyMatch(name -> name.startsWith(ActiveMqMain.USER));
        }

        /**
         * Permits something to a user.
         *
         * @param operation {@code read}, {@code write} or {@code admin}, which is to create
         * @param destination such as {@code queue://orders} or {@code topic://VirtualTopic.>}
         */
        public Builder permit(String user, String operation, String destination) {
            config.setProperty(ActiveMqMain.RIGHT + rights++, user + " " + operation + " " + destination);
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
        public ActiveMqServer build() {
            return new ActiveMqServer(this);
        }
    }
}
