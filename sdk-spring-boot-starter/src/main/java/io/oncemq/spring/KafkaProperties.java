package io.oncemq.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** What is particular to Kafka. */
public class KafkaProperties {
    /** Brokers, each as host:port; instead of a transport URI. */
    private List<String> bootstrapServers = List.of();

    /** Name for SASL. */
    private @Nullable String username;

    /** Password for SASL. */
    private @Nullable String password;

    /** How to log in. */
    private Mechanism mechanism = Mechanism.SCRAM_SHA_512;

    /** How groups share partitions. Default: CLASSIC. */
    private @Nullable Protocol groupProtocol;

    /** Which consumer group of Kafka a subscription joins. Default: PER_SUBSCRIPTION. */
    private @Nullable Groups consumerGroups;

    /** How often a subscription commits its offsets. Default: 1 s with an idempotency store, else 100 ms. */
    private @Nullable Duration commitInterval;

    /** Further properties of Kafka's clients of every kind. */
    private Map<String, String> properties = new LinkedHashMap<>();

    /** Further properties of Kafka's producers. */
    private Map<String, String> producerProperties = new LinkedHashMap<>();

    /** Further properties of Kafka's consumers. */
    private Map<String, String> consumerProperties = new LinkedHashMap<>();

    /** Encryption. */
    @NestedConfigurationProperty
    private final TlsProperties tls = new TlsProperties();

    public List<String> getBootstrapServers() {
        return bootstrapServers;
    }

    public void setBootstrapServers(List<String> bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public Mechanism getMechanism() {
        return mechanism;
    }

    public void setMechanism(Mechanism mechanism) {
        this.mechanism = mechanism;
    }

    public @Nullable Groups getConsumerGroups() {
        return consumerGroups;
    }

    public void setConsumerGroups(@Nullable Groups consumerGroups) {
        this.consumerGroups = consumerGroups;
    }

    public @Nullable Protocol getGroupProtocol() {
        return groupProtocol;
    }

    public void setGroupProtocol(@Nullable Protocol groupProtocol) {
        this.groupProtocol = groupProtocol;
    }

    public @Nullable Duration getCommitInterval() {
        return commitInterval;
    }

    public void setCommitInterval(@Nullable Duration commitInterval) {
        this.commitInterval = commitInterval;
    }

    public Map<String, String> getProperties() {
        return properties;
    }

    public void setProperties(Map<String, String> properties) {
        this.properties = properties;
    }

    public Map<String, String> getProducerProperties() {
        return producerProperties;
    }

    public void setProducerProperties(Map<String, String> producerProperties) {
        this.producerProperties = producerProperties;
    }

    public Map<String, String> getConsumerProperties() {
        return consumerProperties;
    }

    public void setConsumerProperties(Map<String, String> consumerProperties) {
        this.consumerProperties = consumerProperties;
    }

    public TlsProperties getTls() {
        return tls;
    }

    /** SASL mechanisms. */
    public enum Mechanism {
        SCRAM_SHA_512,
        SCRAM_SHA_256,
        /** Sends the password as it is: use it over TLS only. */
        PLAIN
    }

    /** Kafka's consumer groups. */
    public enum Groups {
        PER_SUBSCRIPTION,
        PER_GROUP
    }

    /** Kafka's group protocols. */
    public enum Protocol {
        CLASSIC,
        CONSUMER
    }
}
