package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The properties of the three kinds of clients: defaults, then the user's, then those that the promise needs. Immutable.
 */
final class KafkaSettings {
    /** Which clients a property goes to. */
    enum Scope {
        CLIENT,
        PRODUCER,
        CONSUMER
    }

    /** For how long a send may block the publishing thread for buffer space or metadata. */
    static final Duration MAX_BLOCK = Duration.ofMillis(1500);

    /** S7: topics say how large a message may be; the client's own limit lies above what they usually take. */
    private static final int MAX_REQUEST = 32 << 20;

    private static final int ROOM_FOR_HEADERS = 64 << 10;

    /** What revoking needs beside the drain at least: two commits and a join. */
    private static final Duration REVOKE_SLACK = Duration.ofSeconds(1);

    /** How long the commit of revoked partitions may take, where the poll interval leaves more than that. */
    private static final Duration LAST_COMMIT = Duration.ofSeconds(3);

    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
    private static final Duration WITHOUT_STORE = Duration.ofMillis(100);
    private static final Duration WITH_STORE = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(100);

    private static final Duration DEFAULT_POLL_INTERVAL = Duration.ofMinutes(5);

    private final String servers;
    private final GroupProtocol groupProtocol;
    private final ConsumerGroups consumerGroups;
    private final Map<Scope, Map<String, Object>> properties;
    private final Security security;
    private final @Nullable Duration commitInterval;

    private KafkaSettings(
            String servers,
            GroupProtocol groupProtocol,
            ConsumerGroups consumerGroups,
            Map<Scope, Map<String, Object>> properties,
            Security security,
            @Nullable Duration commitInterval) {
        this.servers = servers;
        this.groupProtocol = groupProtocol;
        this.consumerGroups = consumerGroups;
        this.commitInterval = commitInterval;
        this.properties = properties;
        this.security = security;
        properties.values().forEach(map -> map.keySet().forEach(security::refuse));
        properties
                .values()
                .forEach(map -> map.forEach((name, value) -> PropertyRules.check(groupProtocol, name, value)));
    }

    static KafkaSettings at(String servers) {
        if (servers.isBlank()) {
            throw new ConfigurationException(
                    "bootstrap.servers", "''", "is blank", "Write for example Kafka.at(\"localhost:9092\")");
        }
        return new KafkaSettings(
                servers, GroupProtocol.CLASSIC, ConsumerGroups.PER_SUBSCRIPTION, Map.of(), Security.NONE, null);
    }

    KafkaSettings with(Scope scope, String name, Object value) {
        PropertyRules.check(name, value);
        PropertyNames.check(name);
        Map<Scope, Map<String, Object>> all = new EnumMap<>(Scope.class);
        properties.forEach((key, map) -> all.put(key, new TreeMap<>(map)));
        all.computeIfAbsent(scope, any -> new TreeMap<>()).put(name, value);
        return new KafkaSettings(servers, groupProtocol, consumerGroups, all, security, commitInterval);
    }

    KafkaSettings withServers(String others) {
        return new KafkaSettings(others, groupProtocol, consumerGroups, properties, security, commitInterval);
    }

    KafkaSettings with(GroupProtocol other) {
        return new KafkaSettings(servers, other, consumerGroups, properties, security, commitInterval);
    }

    KafkaSettings with(ConsumerGroups other) {
        return new KafkaSettings(servers, groupProtocol, other, properties, security, commitInterval);
    }

    KafkaSettings with(Tls tls) {
        return new KafkaSettings(
                servers,
                groupProtocol,
                consumerGroups,
                properties,
                new Security(tls, security.login()),
                commitInterval);
    }

    KafkaSettings with(Login login) {
        return new KafkaSettings(
                servers,
                groupProtocol,
                consumerGroups,
                properties,
                new Security(security.tls(), login),
                commitInterval);
    }

    KafkaSettings withCommitInterval(Duration interval) {
        if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
            throw new ConfigurationException(
                    "commitInterval",
                    interval,
                    "is not between " + SHORTEST_INTERVAL.toMillis() + " ms and " + LONGEST_INTERVAL.toSeconds() + " s",
                    "A short one costs requests, a long one repeats more messages after a crash; 1 s suits most");
        }
        return new KafkaSettings(servers, groupProtocol, consumerGroups, properties, security, interval);
    }

    boolean hasTls() {
        return protocol().endsWith("SSL");
    }

    boolean hasLogin() {
        return protocol().startsWith("SASL_");
    }

    GroupProtocol groupProtocol() {
        return groupProtocol;
    }

    GroupName groupName(String destination, String group) {
        return consumerGroups.name(destination, group);
    }

    String servers() {
        return servers;
    }

    /** The protocol of the connections, by either way of saying it. */
    String protocol() {
        Object given = of(Scope.CLIENT).get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        return given == null
                ? security.protocol()
                : String.valueOf(given).trim().toUpperCase(Locale.ROOT);
    }

    Map<String, Object> admin(String clientId) {
        Map<String, Object> config = new HashMap<>(of(Scope.CLIENT));
        config.putAll(security.properties());
        config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
        return config;
    }

    /**
     * K1, K2 and P2: acks and idempotence explicitly; a delivery time-out far above any deadline of ours, since Kafka expires
     * one batch and still sends the next.
     */
    Map<String, Object> producer(String clientId) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST);
        config.putAll(of(Scope.CLIENT));
        config.putAll(of(Scope.PRODUCER));
        config.computeIfPresent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, (name, size) -> withRoom(name, size));
        config.putAll(security.properties());
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return config;
    }

    /** S7: what a user allows a message to have, a dead letter of it may exceed by its headers. */
    private static int withRoom(String name, Object size) {
        return (int) Math.min(Integer.MAX_VALUE, PropertyRules.number(name, size) + ROOM_FOR_HEADERS);
    }

    /**
     * K3, K7, K10, S6: no automatic reset or commit, an assignment that lets a member keep what it has, bytes, and nothing that a
     * transaction aborted.
     *
     * @param partitions of the topic; at least 1
     */
    Map<String, Object> consumer(String clientId, SourceSpec spec, int partitions) {
        Map<String, Object> config = new HashMap<>(new FetchRoom(spec, partitions).properties());
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 15_000);
        config.putAll(of(Scope.CLIENT));
        config.putAll(of(Scope.CONSUMER));
        config.putAll(security.properties());
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, pollIntervalMillis(config, spec.drainDeadline()));
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        config.put(
                ConsumerConfig.GROUP_ID_CONFIG,
                groupName(spec.destination(), spec.group()).own());
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, groupProtocol.word());
        config.putAll(groupProtocol.properties());
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }

    /** Of a source that was given these settings of its consumer. */
    Timing timing(Map<String, Object> consumer, SourceSpec spec) {
        long interval = PropertyRules.number(
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                Objects.requireNonNull(consumer.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG)));
        Duration left = Duration.ofMillis(interval).minus(spec.drainDeadline()).dividedBy(2);
        Duration commits = commitInterval;
        if (commits == null) {
            commits = spec.remembered() ? WITH_STORE : WITHOUT_STORE;
        }
        Duration lastCommit = left.compareTo(LAST_COMMIT) < 0 ? left : LAST_COMMIT;
        return new Timing(commits, lastCommit, POLL, Duration.ofMillis(interval));
    }

    /** K6: the drain ends before the group gives the member up. */
    private static int pollIntervalMillis(Map<String, Object> config, Duration drain) {
        long needed = drain.plus(REVOKE_SLACK).toMillis();
        Object given = config.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
        if (given == null) {
            return Math.toIntExact(Math.max(needed, DEFAULT_POLL_INTERVAL.toMillis()));
        }
        long interval = PropertyRules.number(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, given);
        if (interval < needed) {
            throw new ConfigurationException(
                    ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                    given,
                    "leaves no room for draining handlers for " + drain + " when a partition is revoked",
                    "Use at least " + needed);
        }
        return Math.toIntExact(interval);
    }

    private Map<String, Object> of(Scope scope) {
        return properties.getOrDefault(scope, Map.of());
    }

    /** With the values of harmless properties only. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(servers).append(security);
        if (groupProtocol != GroupProtocol.CLASSIC) {
            text.append(", ")
                    .append(ConsumerConfig.GROUP_PROTOCOL_CONFIG)
                    .append('=')
                    .append(groupProtocol.word());
        }
        if (consumerGroups != ConsumerGroups.PER_SUBSCRIPTION) {
            text.append(", ").append(ConsumerGroups.OPTION).append('=').append(consumerGroups.word());
        }
        if (commitInterval != null) {
            text.append(", commitInterval=").append(commitInterval);
        }
        properties.forEach((scope, map) -> map.forEach((name, value) ->
                text.append(", ").append(name).append('=').append(PropertyRules.printable(name, value))));
        return text.toString();
    }
}
