package io.oncemq.kafka;

import io.oncemq.Finding;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** What a topic's settings must be for a confirmed message to survive the loss of a broker. */
final class TopicRules {
    static final int REPLICAS = 3;
    static final int IN_SYNC = 2;
    static final String REPLICATION_FACTOR = "replication.factor";
    static final String MIN_IN_SYNC = TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
    static final String UNCLEAN = TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG;

    private static final String NEEDS_REPLICAS =
            "must be 3 or more: a message with fewer copies is lost with the brokers that hold them";
    private static final String NEEDS_IN_SYNC =
            "must be 2 or more: otherwise a message is confirmed that only one broker has";
    private static final String NEEDS_CLEAN =
            "must be false: otherwise a replica that lags may become the leader and drop what was confirmed";

    private TopicRules() {}

    static String component(String topic) {
        return "Kafka topic " + topic;
    }

    /** @param settings the topic's effective ones; null for one that is not told */
    static List<Finding> findings(String topic, int replicas, Map<String, @Nullable String> settings) {
        List<Finding> findings = new ArrayList<>();
        if (replicas < REPLICAS) {
            findings.add(Finding.violation(
                    component(topic),
                    REPLICATION_FACTOR,
                    replicas,
                    NEEDS_REPLICAS,
                    "Reassign its partitions to 3 brokers, or recreate it with DestinationSpec.replicas(3)"));
        }
        setting(findings, topic, settings, MIN_IN_SYNC, "2", NEEDS_IN_SYNC, value -> number(value) >= IN_SYNC);
        setting(findings, topic, settings, UNCLEAN, "false", NEEDS_CLEAN, "false"::equalsIgnoreCase);
        inSyncAgainst(findings, topic, replicas, settings.get(MIN_IN_SYNC));
        compaction(findings, topic, settings.get(TopicConfig.CLEANUP_POLICY_CONFIG));
        return findings;
    }

    private static void setting(
            List<Finding> findings,
            String topic,
            Map<String, @Nullable String> settings,
            String name,
            String good,
            String requirement,
            Predicate<String> holds) {
        String value = settings.get(name);
        if (value == null) {
            findings.add(Finding.unchecked(
                    component(topic), name, "the broker does not return it", requirement, allow(topic, name)));
        } else if (!holds.test(value)) {
            findings.add(Finding.violation(
                    component(topic),
                    name,
                    value,
                    requirement,
                    "Run kafka-configs.sh --alter --topic " + topic + " --add-config " + name + "=" + good));
        }
    }

    /** What stands for settings that the credentials may not read. */
    static List<Finding> unreadable(String topic, String reason) {
        return List.of(
                Finding.unchecked(component(topic), MIN_IN_SYNC, reason, NEEDS_IN_SYNC, allow(topic, MIN_IN_SYNC)),
                Finding.unchecked(component(topic), UNCLEAN, reason, NEEDS_CLEAN, allow(topic, UNCLEAN)));
    }

    private static String allow(String topic, String setting) {
        return "Allow this principal the operation DescribeConfigs on the topic " + topic
                + ", or accept it by name with acceptUnchecked(\"" + setting + "\", reason)";
    }

    /** Where the replicas are too few themselves, that is what there is to say. */
    private static void inSyncAgainst(List<Finding> findings, String topic, int replicas, @Nullable String minInSync) {
        int inSync = minInSync == null ? 0 : number(minInSync);
        if (replicas < REPLICAS || inSync < replicas) {
            return;
        }
        if (inSync > replicas) {
            findings.add(Finding.violation(
                    component(topic),
                    MIN_IN_SYNC,
                    inSync,
                    "must not exceed the " + replicas + " replicas: no message would be confirmed",
                    "Add replicas, or lower it to 2"));
        } else {
            findings.add(Finding.advice(
                    component(topic),
                    MIN_IN_SYNC,
                    inSync,
                    "should be below the number of replicas: while one broker is down no message is confirmed",
                    "Lower it to " + (replicas - 1) + ", or add a replica"));
        }
    }

    private static void compaction(List<Finding> findings, String topic, @Nullable String policy) {
        if (policy != null && policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            findings.add(Finding.advice(
                    component(topic),
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    policy,
                    "should be delete: compaction removes a message once a later one has the same key, handled or not",
                    "Leave it only if the latest message of a key is all that matters, and never for dead letters"));
        }
    }

    /** For how long the topic keeps a message; null if that is not told. */
    static @Nullable Duration retention(Map<String, @Nullable String> settings) {
        String policy = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        String millis = settings.get(TopicConfig.RETENTION_MS_CONFIG);
        if (policy == null || millis == null) {
            return null;
        }
        boolean limited = policy.contains(TopicConfig.CLEANUP_POLICY_DELETE) && !millis.equals("-1");
        return limited ? Duration.ofMillis(Long.parseLong(millis)) : ChronoUnit.FOREVER.getDuration();
    }

    /** What a topic takes of one message, with its batch around it; null if that is not known. */
    static @Nullable Long largest(Map<String, @Nullable String> settings) {
        String value = settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        return value == null ? null : Long.valueOf(number(value));
    }

    static int number(String value) {
        return Integer.parseInt(value.trim());
    }
}
