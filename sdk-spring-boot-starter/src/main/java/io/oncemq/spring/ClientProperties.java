package io.oncemq.spring;

import io.oncemq.Profile;
import io.oncemq.Startup;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** One client: the way to a broker, with a store beside it. */
public class ClientProperties {
    /** The broker as a URI, such as kafka://host:9092, amqp://host:5672, rocketmq://host:9876, artemis://host:61616 or activemq://host:61616. Without credentials. */
    private @Nullable String transport;

    /** The idempotency store as a URI, such as redis://host:6379. */
    private @Nullable String idempotency;

    /** Declares the weaker mode without a store: at least once, duplicates reach the handlers. */
    private boolean withoutIdempotency = false;

    /** Which settings of broker and store are required. DEV is for single servers whose data may be lost; only the application's own configuration can choose it. */
    private Profile profile = Profile.DURABLE;

    /** Whether the application needs broker and store to start. With BACKGROUND the client connects, and listeners start, when both answer. */
    private Startup startup = Startup.REQUIRED;

    /** Names the client towards the broker; random without it. */
    private @Nullable String clientId;

    /** Name of the broker's cluster in the scope of deduplication. Default: the cluster's own identity. RabbitMQ without cluster_name, RocketMQ and ActiveMQ Classic have none, so DURABLE with a store requires a name there. */
    private @Nullable String clusterName;

    /** Identity of another cluster that may use the same cluster-name, as the refusal at start names it. Needed once; the store remembers it. */
    private @Nullable String acceptCluster;

    /** Whether handlers run on virtual threads: as spring.threads.virtual.enabled says, unless set. */
    private @Nullable Boolean virtualThreads;

    /** Settings that DURABLE may leave unread, each with the reason. */
    private Map<String, String> acceptUnchecked = new LinkedHashMap<>();

    /** Destinations to create at the start where they are missing, by name: .partitions (those that exist, else 1), .replicas (0, the broker's default), .groups (each with its dead letters), .broadcast-groups, .history, .delays and .settings. */
    private Map<String, DestinationProperties> destinations = new LinkedHashMap<>();

    /** Bounds of injected publishers. */
    @NestedConfigurationProperty
    private final PublisherProperties publisher = new PublisherProperties();

    /** What is particular to Kafka. */
    @NestedConfigurationProperty
    private final KafkaProperties kafka = new KafkaProperties();

    /** What is particular to RabbitMQ. */
    @NestedConfigurationProperty
    private final RabbitProperties rabbit = new RabbitProperties();

    /** What is particular to RocketMQ. */
    @NestedConfigurationProperty
    private final RocketProperties rocket = new RocketProperties();

    /** What is particular to ActiveMQ Artemis. */
    @NestedConfigurationProperty
    private final ArtemisProperties artemis = new ArtemisProperties();

    /** What is particular to ActiveMQ Classic. */
    @NestedConfigurationProperty
    private final ActiveMqProperties activemq = new ActiveMqProperties();

    /** What is particular to the store on Redis. */
    @NestedConfigurationProperty
    private final RedisProperties redis = new RedisProperties();

    public @Nullable String getTransport() {
        return transport;
    }

    public void setTransport(@Nullable String transport) {
        this.transport = transport;
    }

    public @Nullable String getIdempotency() {
        return idempotency;
    }

    public void setIdempotency(@Nullable String idempotency) {
        this.idempotency = idempotency;
    }

    public boolean isWithoutIdempotency() {
        return withoutIdempotency;
    }

    public void setWithoutIdempotency(boolean withoutIdempotency) {
        this.withoutIdempotency = withoutIdempotency;
    }

    public Startup getStartup() {
        return startup;
    }

    public void setStartup(Startup startup) {
        this.startup = startup;
    }

    public Profile getProfile() {
        return profile;
    }

    public void setProfile(Profile profile) {
        this.profile = profile;
    }

    public @Nullable String getClientId() {
        return clientId;
    }

    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    public @Nullable String getClusterName() {
        return clusterName;
    }

    public void setClusterName(@Nullable String clusterName) {
        this.clusterName = clusterName;
    }

    public @Nullable String getAcceptCluster() {
        return acceptCluster;
    }

    public void setAcceptCluster(@Nullable String acceptCluster) {
        this.acceptCluster = acceptCluster;
    }

    public @Nullable Boolean getVirtualThreads() {
        return virtualThreads;
    }

    public void setVirtualThreads(@Nullable Boolean virtualThreads) {
        this.virtualThreads = virtualThreads;
    }

    public Map<String, String> getAcceptUnchecked() {
        return acceptUnchecked;
    }

    public void setAcceptUnchecked(Map<String, String> acceptUnchecked) {
        this.acceptUnchecked = acceptUnchecked;
    }

    public Map<String, DestinationProperties> getDestinations() {
        return destinations;
    }

    public void setDestinations(Map<String, DestinationProperties> destinations) {
        this.destinations = Spellings.once(destinations, "oncemq.destinations");
    }

    public PublisherProperties getPublisher() {
        return publisher;
    }

    public KafkaProperties getKafka() {
        return kafka;
    }

    public RabbitProperties getRabbit() {
        return rabbit;
    }

    public RocketProperties getRocket() {
        return rocket;
    }

    public ArtemisProperties getArtemis() {
        return artemis;
    }

    public ActiveMqProperties getActivemq() {
        return activemq;
    }

    public RedisProperties getRedis() {
        return redis;
    }
}
