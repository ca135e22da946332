package io.oncemq.testkit.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * RocketMQ: a name server and one broker or two, which are masters of the same cluster.
 *
 * <p>Each is a child process with a class path of its own, whose artifacts come from the local Maven repository or are fetched into it
 * on the first use. Ports and data stay the same through kills and restarts. Topics are not created by being used. A broker counts as
 * ready once the name server knows it. The servers run without TLS of their own, since a listener needs 10 s and more for a self-signed
 * key. A broker can advertise another host but not another port, so a launcher exchanges the address when it registers.
 *
 * <p>Thread-safe; methods block until the state they name is reached.
 */
public final class RocketServer implements Server {
    private static final String CLUSTER = "oncemq";
    private static final String NAME_SERVER = "org.apache.rocketmq.namesrv.NamesrvStartup";

    private final Path folder = TempFolders.create("rocketmq");
    private final String version;
    private final RocketSecurity security;
    private final int nameServerPort = FreePorts.reserve();
    private final RocketProcess nameServer;
    private final List<RocketBroker> brokers;
    private final RocketUsers users;

    private RocketServer(Builder builder) {
        version = builder.version;
        security = new RocketSecurity(builder.certificates, builder.accessControl);
        List<Path> classPath = RocketProcess.classPath(version);
        // C1 alone starts sooner and needs less; measurements want all compilers.
        List<String> compilers = builder.benchmark ? List.of() : List.of("-XX:TieredStopAtLevel=1");
        List<String> jvm = concat(security.jvm(), compilers);
        nameServer = new RocketProcess(
                "RocketMQ name server", folder.resolve("names"), concat(List.of("-Xmx64m"), jvm), classPath);
        brokers = IntStream.range(0, builder.brokers)
                .mapToObj(index -> new RocketBroker(
                        "broker-" + index,
                        folder.resolve("broker-" + index),
                        concat(
                                concat(List.of("-Xmx" + builder.heap, "-XX:MaxDirectMemorySize=128m"), jvm),
                                builder.systemProperties),
                        classPath,
                        builder.config,
                        security))
                .toList();
        users = new RocketUsers(brokers);
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** A name server and one broker, started. */
    public static RocketServer started() {
        return Servers.started(builder().build());
    }

    /** Defaults: RocketMQ 5.5.0, one broker with 160 MB of heap, asynchronous flush, no replica. */
    public static Builder builder() {
        return new Builder();
    }

    /** What clients are given: {@code 127.0.0.1:port} of the name server. */
    public String nameServer() {
        return "127.0.0.1:" + nameServerPort;
    }

    /** The name of the cluster. */
    public String cluster() {
        return CLUSTER;
    }

    /** Who may do everything on a server with {@link Builder#accessControl}. */
    public String user() {
        return RocketSecurity.USER;
    }

    /** The secret of {@link #user}. */
    public String password() {
        return RocketSecurity.SECRET;
    }

    /** The number of brokers. */
    public int brokers() {
        return brokers.size();
    }

    /** The port that the name server listens on. */
    public int nameServerPort() {
        return nameServerPort;
    }

    /** The port that a broker listens on, also while a proxy stands in front. */
    public int port(int broker) {
        return brokers.get(broker).port();
    }

    /** The name of a broker, as queues carry it. */
    public String brokerName(int broker) {
        return brokers.get(broker).name();
    }

    /** Makes the name server send clients of a broker to another address, such as a proxy's, from the broker's next start on. */
    public synchronized void advertise(int broker, String host, int port) {
        brokers.get(broker).advertise(host, port);
    }

    /** The process id of a broker that was started. */
    public synchronized long pid(int broker) {
        return brokers.get(broker).process().pid();
    }

    @Override
    public synchronized void start() {
        launchNameServer();
        brokers.forEach(this::launch);
        awaitNameServer();
        brokers.forEach(this::awaitReady);
        UsedServers.say(this);
    }

    private void launchNameServer() {
        nameServer.launch(
                RocketDefaults.nameServer(nameServerPort, nameServer.data()),
                NAME_SERVER,
                "-c",
                nameServer.configuration().toString());
    }

    private void launch(RocketBroker broker) {
        broker.launch(CLUSTER, nameServer());
    }

    private void awaitNameServer() {
        nameServer.await(() -> !askNameServer(RocketTalk.CLUSTER, Map.of()).isEmpty());
    }

    private void awaitReady(RocketBroker broker) {
        broker.awaitReady(() -> !nameServer.serves() || isRegistered(broker));
    }

    private boolean isRegistered(RocketBroker broker) {
        return askNameServer(RocketTalk.CLUSTER, Map.of()).contains("\"" + broker.advertised() + "\"");
    }

    private String askNameServer(int request, Map<String, String> fields) {
        return RocketTalk.ask(security, nameServerPort, request, fields, "");
    }

    @Override
    public String description() {
        return "RocketMQ " + version;
    }

    /** Kills the brokers and the name server. */
    @Override
    public synchronized void kill() {
        processes().forEach(RocketProcess::kill);
    }

    /** {@inheritDoc} A broker takes 10 seconds and more. */
    @Override
    public synchronized void stop() {
        List<RocketProcess> all = brokers.stream().map(RocketBroker::process).toList();
        all.forEach(RocketProcess::terminate);
        all.forEach(RocketProcess::awaitStopped);
        nameServer.terminate();
        nameServer.awaitStopped();
    }

    @Override
    public synchronized void pause() {
        processes().forEach(RocketProcess::pause);
    }

    @Override
    public synchronized void resume() {
        processes().forEach(RocketProcess::resume);
    }

    /** Whether the name server and all brokers run. */
    @Override
    public synchronized boolean isRunning() {
        return processes().allMatch(RocketProcess::isRunning);
    }

    private Stream<RocketProcess> processes() {
        return Stream.concat(brokers.stream().map(RocketBroker::process), Stream.of(nameServer));
    }

    /** Ends one broker as {@code kill -9} does. */
    public synchronized void killBroker(int broker) {
        brokers.get(broker).process().kill();
    }

    /**
     * Starts one broker, after killing it if it runs, on the same data, and waits until it answers and, where the name server
     * serves, until that knows it.
     */
    public synchronized void restartBroker(int broker) {
        killBroker(broker);
        launch(brokers.get(broker));
        awaitReady(brokers.get(broker));
    }

    /** Freezes one broker. */
    public synchronized void pauseBroker(int broker) {
        brokers.get(broker).process().pause();
    }

    /** Lets one frozen broker continue. */
    public synchronized void resumeBroker(int broker) {
        brokers.get(broker).process().resume();
    }

    /** Ends the name server as {@code kill -9} does; it keeps nothing about brokers. */
    public synchronized void killNameServer() {
        nameServer.kill();
    }

    /** Starts the name server, after killing it if it runs, and waits until it knows the brokers that serve. */
    public synchronized void restartNameServer() {
        nameServer.kill();
        launchNameServer();
        awaitNameServer();
        brokers.stream().filter(broker -> broker.process().serves()).forEach(this::awaitReady);
    }

    /** Freezes the name server. */
    public synchronized void pauseNameServer() {
        nameServer.pause();
    }

    /** Lets the frozen name server continue. */
    public synchronized void resumeNameServer() {
        nameServer.resume();
    }

    /** Lets a broker refuse messages, and the name server say so, until {@link #writable}; consumers continue. Restarts do not change it. */
    public synchronized void readOnly(int broker) {
        brokers.get(broker).readOnly(true);
    }

    /** Ends {@link #readOnly}. */
    public synchronized void writable(int broker) {
        brokers.get(broker).readOnly(false);
    }

    /** Changes a broker's setting while it runs, and for its later starts. */
    public synchronized void configure(int broker, String key, Object value) {
        brokers.get(broker).configure(key, value.toString());
    }

    /** Makes a topic of messages without delay and transaction, with as many queues on each broker, and waits until clients can find it. */
    public void createTopic(String topic, int queuesPerBroker) {
        createTopic(topic, queuesPerBroker, "NORMAL");
    }

    /**
     * Makes a topic, or changes it, on each broker.
     *
     * @param type {@code NORMAL}, {@code FIFO}, {@code DELAY}, {@code TRANSACTION} or {@code MIXED}
     */
    public synchronized void createTopic(String topic, int queuesPerBroker, String type) {
        brokers.forEach(broker -> broker.createTopic(topic, queuesPerBroker, type));
        Eventually.holds("the name server knows topic " + topic + " on each broker", () -> {
            String route = askNameServer(RocketTalk.ROUTE_OF_TOPIC, Map.of("topic", topic));
            return brokers.stream().allMatch(broker -> route.contains("\"" + broker.name() + "\""));
        });
    }

    /**
     * Makes a user of a server with {@link Builder#accessControl}, who may do what is told here and nothing else.
     *
     * @param resource such as {@code Topic:orders}, {@code Group:*} or {@code Cluster:*}
     * @param actions such as {@code Pub}, {@code Sub}, {@code Create}, {@code Get}; without one the user has no right
     */
    public synchronized void createUser(String name, String secret, String resource, String... actions) {
        users.create(name, secret);
        if (actions.length > 0) {
            users.allow(RocketTalk.CREATE_RIGHTS, name, resource, actions);
        }
    }

    /** From the next request on a user's former password is refused, also over connections that are open. */
    public synchronized void changePassword(String user, String secret) {
        users.changePassword(user, secret);
    }

    /** Lets a user who has a right already do something more. */
    public synchronized void allow(String user, String resource, String... actions) {
        users.allow(RocketTalk.ADD_RIGHTS, user, resource, actions);
    }

    /** Takes from a user every right to a resource that was named to {@link #allow} or {@link #createUser}. */
    public synchronized void disallow(String user, String resource) {
        users.disallow(user, resource);
    }

    /** The ids of a group's members as a broker lists them: one for each connection of a member. Empty if it knows none. */
    public synchronized List<String> members(int broker, String group) {
        return brokers.get(broker).members(group);
    }

    @Override
    public synchronized String logTail() {
        return processes().map(process -> process.logTail(50)).collect(Collectors.joining("\n\n"));
    }

    @Override
    public synchronized void close() {
        kill();
        brokers.forEach(RocketBroker::release);
        FreePorts.release(nameServerPort);
        TempFolders.delete(folder);
    }

    /** Settings of a server that does not exist yet. Not thread-safe. */
    public static final class Builder {
        private final Map<String, String> config = new LinkedHashMap<>();
        private final List<String> systemProperties = new ArrayList<>();
        private int brokers = 1;
        private String version = "5.5.0";
        private String heap = "160m";
        private boolean benchmark;
        private boolean accessControl;
        private @Nullable TestCertificates certificates;

        private Builder() {}

        /**
         * One broker, or two masters of one cluster.
         *
         * @throws IllegalArgumentException for any other number
         */
        public Builder brokers(int count) {
            if (count != 1 && count != 2) {
                throw new IllegalArgumentException("brokers must be 1 or 2, not " + count);
            }
            brokers = count;
            return this;
        }

        /** The version of {@code org.apache.rocketmq:rocketmq-broker} and {@code rocketmq-namesrv}. */
        public Builder version(String value) {
            version = value;
            return this;
        }

        /** Sets a line of each broker's configuration, also one that has a default here. */
        public Builder config(String name, Object value) {
            config.put(name, value.toString());
            return this;
        }

        /** Sets a system property of each broker, for what its configuration does not offer. */
        public Builder systemProperty(String name, Object value) {
            systemProperties.add("-D" + name + "=" + value);
            return this;
        }

        /** Lets name server and brokers talk by TLS only, and only to who shows a certificate of the same authority. */
        public Builder tls(TestCertificates testCertificates) {
            certificates = testCertificates;
            return this;
        }

        /** Makes brokers ask for credentials and look at rights; name servers know neither. See {@link RocketServer#createUser}. */
        public Builder accessControl() {
            accessControl = true;
            return this;
        }

        /** For measurements: 1 GB of heap for each broker and all compilers; starts slower. */
        public Builder benchmark() {
            benchmark = true;
            heap = "1g";
            return this;
        }

        /**
         * Resolves the artifacts and reserves ports; nothing runs yet.
         *
         * @throws ServerException if the artifacts cannot be resolved
         */
        public RocketServer build() {
            return new RocketServer(this);
        }
    }
}
