package io.oncemq.testkit.server;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka cluster of one or three nodes.
 *
 * <p>One node runs in a container where a Docker engine of this machine can run one, and as a child process elsewhere; the
 * property {@code oncemq.servers} ({@code docker}, {@code process}, {@code auto}) decides otherwise, and {@code
 * oncemq.image.kafka} names another image than the official one. What a container does not offer is a process under each setting:
 * three nodes, secured listeners, and whatever was built {@link Builder#asProcess}. A process is a JVM of its own with the
 * broker's own class path, whose artifacts come from the local Maven repository or are fetched into it on the first use.
 *
 * <p>Ports and data stay the same through kills and restarts. Topics are not created on first use unless configured. With three nodes, topics get
 * replication factor 3 and {@code min.insync.replicas} 2.
 *
 * <p>Thread-safe; methods block until the state they name is reached.
 */
public final class KafkaServer implements Server {
    private final String clusterId = randomId();
    private static final String DEFAULT_VERSION = "4.4.0";

    private final Path folder = TempFolders.create("kafka");
    private final Map<String, String> overrides;
    private final @Nullable KafkaSecurity security;
    private final BackEnd backEnd;
    private final String description;
    private final List<BrokerNode> nodes;
    private boolean startedBefore;

    private KafkaServer(Builder builder) {
        overrides = Map.copyOf(builder.config);
        String image = builder.image();
        backEnd = BackEnds.choose("Kafka", image, builder.processOnly());
        description = "Kafka " + (backEnd == BackEnd.DOCKER ? image : builder.version);
        security = builder.secured ? new KafkaSecurity(folder.resolve("certificates")) : null;
        nodes = backEnd == BackEnd.DOCKER ? container(image, builder) : processes(builder);
    }

    private List<BrokerNode> container(String image, Builder builder) {
        return List.of(new KafkaContainerNode(image, folder.resolve("node-0"), builder.heap, builder.quickStart));
    }

    private List<BrokerNode> processes(Builder builder) {
        KafkaJvm jvm = KafkaArchive.addTo(KafkaJvm.of(builder.version, builder.heap, builder.quickStart));
        return IntStream.range(0, builder.nodes)
                .<BrokerNode>mapToObj(id -> new KafkaNode(id, folder.resolve("node-" + id), jvm, security))
                .toList();
    }

    /** One node, 256 MB of heap, started. */
    public static KafkaServer started() {
        return started(builder());
    }

    /** One node with TLS, mutual TLS and SASL beside the plain listener, started; see {@link #security}. */
    public static KafkaServer secured() {
        return started(builder().secured());
    }

    private static KafkaServer started(Builder builder) {
        return Servers.started(builder.build());
    }

    /** Defaults: one node, Kafka 4.4.0, 256 MB of heap, tuned for a quick start. */
    public static Builder builder() {
        return new Builder();
    }

    /** 16 random bytes as Kafka writes them. One cluster is told from another by it. */
    private static String randomId() {
        UUID random = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(random.getMostSignificantBits() & Long.MAX_VALUE)
                .putLong(random.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What clients connect to: {@code host:port}, comma-separated; the advertised addresses where they were set. */
    public synchronized String bootstrap() {
        return nodes.stream().map(BrokerNode::advertised).collect(Collectors.joining(","));
    }

    /**
     * The secured listeners: their addresses, certificates and user.
     *
     * @throws IllegalStateException if the server was built without
     */
    public KafkaSecurity security() {
        if (security == null) {
            throw new IllegalStateException("the server has plain listeners only; build it with secured()");
        }
        return security;
    }

    /** The port that the first node listens on, also while a proxy stands in front. */
    public int port() {
        return port(0);
    }

    /** The port that a node listens on for clients. */
    public int port(int node) {
        return nodes.get(node).clientPort();
    }

    /** Makes the first node name another address to clients from its next start on, such as a proxy's. */
    public void advertise(String host, int port) {
        advertise(0, host, port);
    }

    /** Makes a node name another address to clients from its next start on, such as a proxy's. */
    public synchronized void advertise(int node, String host, int port) {
        nodes.get(node).advertise(host, port);
    }

    /** The number of nodes. */
    public int nodes() {
        return nodes.size();
    }

    @Override
    public synchronized void start() {
        Map<String, String> config = config();
        startedBefore = true;
        nodes.forEach(node -> node.launch(config, clusterId));
        nodes.forEach(BrokerNode::awaitReady);
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
        nodes.forEach(BrokerNode::kill);
    }

    @Override
    public synchronized void stop() {
        nodes.forEach(BrokerNode::terminate);
        nodes.forEach(BrokerNode::awaitStopped);
    }

    /** Ends one node as {@code kill -9} does. */
    public synchronized void killNode(int node) {
        nodes.get(node).kill();
    }

    /** Starts one node, after killing it if it runs, on the same data, and waits until it serves. */
    public synchronized void restartNode(int node) {
        killNode(node);
        nodes.get(node).launch(config(), clusterId);
        nodes.get(node).awaitReady();
    }

    @Override
    public synchronized void pause() {
        nodes.forEach(BrokerNode::pause);
    }

    @Override
    public synchronized void resume() {
        nodes.forEach(BrokerNode::resume);
    }

    /** Freezes one node. */
    public synchronized void pauseNode(int node) {
        nodes.get(node).pause();
    }

    /** Lets one frozen node continue. */
    public synchronized void resumeNode(int node) {
        nodes.get(node).resume();
    }

    /** Whether all nodes run. */
    @Override
    public synchronized boolean isRunning() {
        return nodes.stream().allMatch(BrokerNode::isRunning);
    }

    @Override
    public synchronized String logTail() {
        return IntStream.range(0, nodes.size())
                .mapToObj(id -> "node " + id + ":\n" + nodes.get(id).logTail(50))
                .collect(Collectors.joining("\n"));
    }

    /**
     * The process id of a node that was started.
     *
     * @throws ServerException if it runs in a container
     */
    public synchronized long pid(int node) {
        return nodes.get(node).pid();
    }

    /** The log of one node as a file: of a process it grows, of a container it is what was printed up to now. */
    public Path log(int node) {
        return nodes.get(node).log();
    }

    @Override
    public synchronized void close() {
        kill();
        nodes.forEach(BrokerNode::release);
        TempFolders.delete(folder);
    }

    private Map<String, String> config() {
        String voters = nodes.stream().map(BrokerNode::voter).collect(Collectors.joining(","));
        Map<String, String> config = new TreeMap<>(KafkaDefaults.config(nodes.size(), voters, startedBefore));
        if (security != null) {
            config.putAll(security.config(KafkaDefaults.PROTOCOLS));
        }
        config.putAll(overrides);
        return config;
    }

    /** Settings of a cluster that does not exist yet. Not thread-safe. */
    public static final class Builder {
        private final Map<String, String> config = new LinkedHashMap<>();
        private int nodes = 1;
        private String version = DEFAULT_VERSION;
        private String heap = "256m";
        private boolean quickStart = true;
        private boolean secured;
        private boolean asProcess;

        private Builder() {}

        private String image() {
            return BackEnds.image("kafka", "apache/kafka:" + version);
        }

        /** Why this server is a process under each setting; null if it need not be. */
        private @Nullable String processOnly() {
            if (nodes > 1) {
                return "three nodes run as processes only";
            }
            if (secured) {
                return "secured listeners are offered by processes only";
            }
            if (!version.equals(DEFAULT_VERSION) && !image().equals("apache/kafka:" + version)) {
                return "version " + version + " was asked for, and oncemq.image.kafka names an image of its own";
            }
            return asProcess ? "it was built so" : null;
        }

        /** As a child process, whatever the property {@code oncemq.servers} says. */
        public Builder asProcess() {
            asProcess = true;
            return this;
        }

        /**
         * One node, or three that replicate.
         *
         * @throws IllegalArgumentException for any other number
         */
        public Builder nodes(int count) {
            if (count != 1 && count != 3) {
                throw new IllegalArgumentException("nodes must be 1 or 3, not " + count);
            }
            nodes = count;
            return this;
        }

        /** The version of {@code org.apache.kafka:kafka_2.13}, or of the image {@code apache/kafka}. */
        public Builder version(String value) {
            version = value;
            return this;
        }

        /** Sets a broker setting, also one that has a default here. */
        public Builder config(String name, Object value) {
            config.put(name, value.toString());
            return this;
        }

        /** Lets clients create topics by using them. */
        public Builder autoCreateTopics() {
            return config("auto.create.topics.enable", true);
        }

        /**
         * Adds listeners with TLS, mutual TLS and SASL, and a user; see {@link KafkaServer#security}. For one node that
         * runs as a child process.
         */
        public Builder secured() {
            secured = true;
            return this;
        }

        /** The maximal heap of each node, as {@code -Xmx} takes it. */
        public Builder heap(String size) {
            heap = size;
            return this;
        }

        /** For measurements: 1 GB of heap and all compilers; starts slower. */
        public Builder benchmark() {
            quickStart = false;
            return heap("1g");
        }

        /**
         * Resolves the artifacts, or pulls the image, and reserves ports; nothing runs yet. On the first use of processes on a
         * machine it also starts and stops a broker to prepare quick starts.
         *
         * @throws ServerException if the artifacts cannot be resolved, or {@code oncemq.servers} is {@code docker} and no
         *     container can run
         * @throws IllegalStateException if three nodes are asked to be secured
         */
        public KafkaServer build() {
            if (secured && nodes > 1) {
                throw new IllegalStateException("secured listeners are offered with one node only");
            }
            return new KafkaServer(this);
        }
    }
}
