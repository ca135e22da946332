package io.oncemq.testkit.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A RabbitMQ server: in a container where a Docker engine of this machine can run one, and as a child process elsewhere. The property
 * {@code oncemq.servers} ({@code docker}, {@code process}, {@code auto}) decides otherwise, and {@code oncemq.image.rabbitmq} names
 * another image than the official one.
 *
 * <p>A process needs RabbitMQ 3.10 or newer on this machine: in the folder that the property {@code oncemq.rabbit.home} or the variable
 * {@code ONCEMQ_RABBIT_HOME} names (it has {@code sbin} and {@code plugins}), as a Debian package, or on the PATH. No service need run;
 * one that does is left alone. The process has an Erlang name server of its own, which ends with it. {@code RABBITMQ_ALLOW_INPUT} lets a
 * kill hit the Erlang machine and not a shell.
 *
 * <p>Ports and data stay the same through kills and restarts. Thread-safe; methods block until the state they name is
 * reached.
 */
public final class RabbitServer implements Server {
    private final @Nullable ErlangNames ownNames;
    private final BackEnd backEnd;
    private final RabbitNode node;
    private final String user;
    private final String password;
    private final @Nullable TestCertificates certificates;
    private final String description;

    private RabbitServer(Builder builder) {
        user = builder.user;
        password = builder.password;
        certificates = builder.certificates;
        String image = image();
        backEnd = BackEnds.choose("RabbitMQ", image, builder.processOnly());
        if (backEnd == BackEnd.DOCKER) {
            description = "RabbitMQ " + image;
            ownNames = null;
            node = new RabbitContainer(image, builder.settings());
        } else {
            RabbitInstallation installation = builder.installation();
            description = "RabbitMQ " + installation.version();
            ownNames = builder.names == null ? new ErlangNames(installation) : null;
            ErlangNames names = builder.names == null ? Objects.requireNonNull(ownNames) : builder.names;
            node = new RabbitProcess(installation, names, builder.nodeName, builder.settings(), certificates);
        }
    }

    private static String image() {
        return BackEnds.image("rabbitmq", "rabbitmq:4");
    }

    /** A server with the defaults of {@link #builder()}, started. */
    public static RabbitServer started() {
        return Servers.started(builder().build());
    }

    /**
     * Defaults: user guest, virtual host /, heartbeats each 10 seconds at most, the consistent hash exchange, memory up to 1 GB before
     * publishers are blocked, two threads for Erlang.
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Why no server can be had here, beginning with "no RabbitMQ"; empty if one can. */
    public static Optional<String> obstacle() {
        try {
            BackEnd where = BackEnds.choose("RabbitMQ", image(), null);
            return where == BackEnd.DOCKER ? Optional.empty() : RabbitInstallation.obstacle();
        } catch (ServerException e) {
            return Optional.of("no RabbitMQ: " + e.getMessage());
        }
    }

    /**
     * The servers that this machine has: those named by the system property {@code oncemq.rabbit.homes}, or the environment variable
     * {@code ONCEMQ_RABBIT_HOMES}, separated as in a PATH; else the one that runs unless another is named.
     */
    public static List<Path> homes() {
        return RabbitInstallation.all();
    }

    /** {@code amqp://user:password@127.0.0.1:port}: the virtual host /. */
    public String uri() {
        return "amqp://" + user + ":" + password + "@" + host() + ":" + port();
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return node.port();
    }

    /**
     * The port of its TLS listener, whose certificate is for {@code localhost}.
     *
     * @throws IllegalStateException if it was built without {@link Builder#tls}
     */
    public int tlsPort() {
        if (certificates == null) {
            throw new IllegalStateException("built without tls(…)");
        }
        return node.tlsPort();
    }

    public String user() {
        return user;
    }

    public String password() {
        return password;
    }

    /**
     * The process id of the server, once it was started.
     *
     * @throws ServerException if it runs in a container
     */
    public synchronized long pid() {
        return node.pid();
    }

    /** That of its name server, for tests of what is left behind. */
    long namesPid() {
        return Objects.requireNonNull(ownNames).pid();
    }

    @Override
    public synchronized void start() {
        launch();
        awaitReady();
    }

    /** Starts it without waiting. */
    synchronized void launch() {
        node.launch();
    }

    synchronized void awaitReady() {
        node.awaitReady();
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

    /**
     * {@inheritDoc}
     *
     * <p>RabbitMQ writes down which quorum queues a node has half a second after one was declared. A node that is killed before has lost
     * that queue with what it confirmed: the queue stays without a leader. {@link #settle} rules it out.
     */
    @Override
    public synchronized void kill() {
        node.kill();
    }

    @Override
    public synchronized void stop() {
        node.stop();
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

    /** Lets the server write down now which quorum queues it has, so that a kill does not lose those just declared. */
    public synchronized void settle() {
        eval("[ok = dets:sync(Table) || Table <- dets:all()]");
    }

    /**
     * Evaluates an Erlang expression in the server, as {@code rabbitmqctl eval} does.
     *
     * @param expression without the full stop at its end
     * @return what it came to, as Erlang prints it
     * @throws ServerException if it fails, or the server does not answer within 30 seconds
     */
    public synchronized String eval(String expression) {
        return node.eval(expression);
    }

    /** Lets the server find that it uses too much memory: it reads no more from connections that publish, until {@link #clearMemoryAlarm}. */
    public synchronized void raiseMemoryAlarm() {
        eval("vm_memory_monitor:set_vm_memory_high_watermark(0)");
        Eventually.holds("RabbitMQ raises its memory alarm", () -> hasMemoryAlarm());
    }

    /** Sets the limit that was configured; does nothing if no alarm was raised. */
    public synchronized void clearMemoryAlarm() {
        eval("{ok, Limit} = application:get_env(rabbit, vm_memory_high_watermark),"
                + " vm_memory_monitor:set_vm_memory_high_watermark(Limit)");
        Eventually.holds("RabbitMQ clears its memory alarm", () -> !hasMemoryAlarm());
    }

    private boolean hasMemoryAlarm() {
        return eval("[memory || {{resource_limit, memory, _}, _} <- rabbit_alarm:get_alarms()]")
                .contains("memory");
    }

    /**
     * Closes all connections from the server's side, as {@code rabbitmqctl close_all_connections} does: clients are told
     * CONNECTION_FORCED (320).
     *
     * @return how many there were
     */
    public synchronized int closeConnections() {
        return Integer.parseInt(eval("Connections = rabbit_networking:local_connections(),"
                + " [catch rabbit_networking:close_connection(Connection, \"closed by a test\") || Connection <- Connections],"
                + " length(Connections)"));
    }

    /** Makes a virtual host in which this server's user may do everything. */
    public synchronized void createVirtualHost(String name) {
        eval("ok = rabbit_vhost:add(" + binary(name) + ", " + binary(user) + ")");
        permit(user, name, ".*", ".*", ".*");
    }

    /**
     * Makes a user, or gives the one that exists further rights: what it may configure, write and read in a virtual host, as
     * regular expressions.
     */
    public synchronized void createUser(
            String name, String secret, String virtualHost, String configure, String write, String read) {
        eval("case rabbit_auth_backend_internal:exists(" + binary(name) + ") of true -> ok; false -> ok ="
                + " rabbit_auth_backend_internal:add_user(" + binary(name) + ", " + binary(secret)
                + ", <<\"oncemq\">>) end");
        permit(name, virtualHost, configure, write, read);
    }

    private void permit(String name, String virtualHost, String configure, String write, String read) {
        eval("ok = rabbit_auth_backend_internal:set_permissions(" + binary(name) + ", " + binary(virtualHost) + ", "
                + binary(configure) + ", " + binary(write) + ", " + binary(read) + ", <<\"oncemq\">>)");
    }

    private static String binary(String text) {
        return ErlangCall.binary(text);
    }

    @Override
    public synchronized void close() {
        try {
            node.kill();
            node.release();
        } finally {
            if (ownNames != null) {
                ownNames.close();
            }
        }
    }

    /** Settings of a server that does not exist yet. Not thread-safe. */
    public static final class Builder {
        private final Map<String, String> config = new LinkedHashMap<>();
        private final List<String> plugins = new ArrayList<>(List.of("rabbitmq_consistent_hash_exchange"));
        private String user = "guest";
        private String password = "guest";
        private @Nullable TestCertificates certificates;
        private int schedulers = 2;
        private @Nullable Path home;
        private @Nullable ErlangNames names;
        private String nodeName = "oncemq";
        private boolean asProcess;

        private Builder() {}

        /** Why this server is a process under each setting; null if it need not be. */
        private @Nullable String processOnly() {
            if (home != null) {
                return "a server of this machine was named";
            }
            if (names != null) {
                return "it is a node of a cluster";
            }
            if (certificates != null) {
                return "it has a TLS listener";
            }
            return asProcess ? "it was built so" : null;
        }

        /** Makes it a child process, whatever the property {@code oncemq.servers} says. */
        public Builder asProcess() {
            asProcess = true;
            return this;
        }

        private RabbitInstallation installation() {
            return home == null ? RabbitInstallation.locate() : RabbitInstallation.at(home);
        }

        /** A node among others. */
        Builder named(String name, ErlangNames shared) {
            nodeName = name;
            names = shared;
            return this;
        }

        private RabbitSettings settings() {
            Map<String, String> lines = RabbitSettings.defaults(user, password);
            lines.putAll(config);
            return new RabbitSettings(lines, List.copyOf(plugins), schedulers);
        }

        /** A line of {@code rabbitmq.conf}. */
        public Builder config(String key, Object value) {
            config.put(key, String.valueOf(value));
            return this;
        }

        /** The only user, who may do everything. */
        public Builder user(String name, String secret) {
            user = name;
            password = secret;
            return this;
        }

        /** Enables a plugin that comes with the server; streams as queues need none. */
        public Builder plugin(String name) {
            plugins.add(name);
            return this;
        }

        /** The folder of the server to run, with its {@code sbin} and {@code plugins}; {@link RabbitServer#homes} lists some. */
        public Builder home(Path folder) {
            home = folder;
            return this;
        }

        /** Adds a TLS listener with these certificates; such a server is a child process. */
        public Builder tls(TestCertificates value) {
            certificates = value;
            return this;
        }

        /** For measurements: one thread per processor, and the server's own defaults for memory and its log of quorum queues. */
        public Builder benchmark() {
            schedulers = 0;
            return config("vm_memory_high_watermark.absolute", "4GB").config("raft.wal_max_size_bytes", "536870912");
        }

        /**
         * @throws ServerException if no RabbitMQ can be had here; the message says how to get one
         */
        public RabbitServer build() {
            return new RabbitServer(this);
        }
    }
}
