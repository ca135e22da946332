package io.oncemq.kafka;

import io.oncemq.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * What the settings that all topics of a cluster share say about the positions of its groups. The number of brokers is advice
 * only, since a cluster with one broker away must not keep a client from starting; the replicas of a topic count those that are away.
 */
final class ClusterCheck {
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(10);
    /** A broker that has just died is listed for a while; another one's settings do as well. */
    private static final Duration BROKER_DEADLINE = Duration.ofSeconds(5);

    private static final String OFFSETS = "__consumer_offsets";
    private static final String OFFSETS_REPLICAS = "offsets.topic.replication.factor";
    private static final String OFFSETS_RETENTION = "offsets.retention.minutes";
    private static final int BROKERS_ASKED = 3;
    private static final int WEEK = 7 * 24 * 60;
    private static final String NEEDS_REPLICAS =
            "must be 3 or more: the positions of all groups are lost with the brokers"
                    + " that hold them, and a group that starts at the latest then skips messages";

    private final Admin admin;
    private final Topics topics;

    ClusterCheck(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    List<Finding> findings() {
        DescribeClusterOptions options = new DescribeClusterOptions().timeoutMs(millis(ANSWER_DEADLINE));
        Collection<Node> nodes =
                DurabilityCheck.get(admin.describeCluster(options).nodes());
        List<KafkaFuture<Config>> brokers = nodes.stream()
                .limit(BROKERS_ASKED)
                .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                .map(broker -> DurabilityCheck.configs(admin, broker, BROKER_DEADLINE))
                .toList();
        List<Finding> findings = new ArrayList<>();
        offsetReplicas(findings, brokers);
        offsetRetention(findings, brokers);
        if (nodes.size() < TopicRules.REPLICAS) {
            findings.add(Finding.advice(
                    "Kafka cluster",
                    "brokers",
                    nodes.size(),
                    "should be 3 or more: a topic with 3 replicas cannot be created now",
                    "Add brokers, or start those that are down"));
        }
        return findings;
    }

    private void offsetReplicas(List<Finding> findings, List<KafkaFuture<Config>> brokers) {
        try {
            TopicDescription offsets = topics.describe(OFFSETS);
            Integer replicas = replicas(offsets, brokers);
            if (replicas == null) {
                findings.add(hidden("no broker tells it"));
            } else if (replicas < TopicRules.REPLICAS) {
                findings.add(Finding.violation(
                        "Kafka cluster",
                        OFFSETS_REPLICAS,
                        replicas,
                        NEEDS_REPLICAS,
                        offsets == null
                                ? "Set it in every broker's configuration"
                                : "Reassign the partitions of " + OFFSETS
                                        + " to 3 brokers, and set it for new clusters"));
            }
        } catch (AuthorizationException e) {
            findings.add(hidden("the broker refuses to tell: " + e.getMessage()));
        }
    }

    private static @Nullable Integer replicas(@Nullable TopicDescription offsets, List<KafkaFuture<Config>> brokers) {
        if (offsets != null) {
            return DurabilityCheck.replicas(offsets);
        }
        return least(brokers, OFFSETS_REPLICAS);
    }

    private static Finding hidden(String reason) {
        return Finding.unchecked(
                "Kafka cluster",
                OFFSETS_REPLICAS,
                reason,
                NEEDS_REPLICAS,
                "Allow this principal the operation Describe on the topic " + OFFSETS
                        + ", and DescribeConfigs on the cluster until that topic exists, or accept it by name with"
                        + " acceptUnchecked(\"" + OFFSETS_REPLICAS + "\", reason)");
    }

    /** Seen only where it may be; the promise holds without, since a group that has lost its positions starts anew. */
    private static void offsetRetention(List<Finding> findings, List<KafkaFuture<Config>> brokers) {
        Integer minutes;
        try {
            minutes = least(brokers, OFFSETS_RETENTION);
        } catch (AuthorizationException | RetriableException e) {
            return;
        }
        if (minutes != null && minutes < WEEK) {
            findings.add(Finding.advice(
                    "Kafka cluster",
                    OFFSETS_RETENTION,
                    minutes,
                    "should be " + WEEK
                            + " (a week) or more: a group without a running member for longer loses its positions",
                    "Raise it above the longest time for which a service may be stopped"));
        }
    }

    /** The least of those asked that answer: which broker will use its own cannot be known. Null if none tells. */
    private static @Nullable Integer least(List<KafkaFuture<Config>> brokers, String setting) {
        Integer least = null;
        @Nullable RuntimeException silent = null;
        for (KafkaFuture<Config> broker : brokers) {
            try {
                String value =
                        DurabilityCheck.values(DurabilityCheck.get(broker)).get(setting);
                if (value != null) {
                    least = least == null ? TopicRules.number(value) : Math.min(least, TopicRules.number(value));
                }
            } catch (RetriableException e) {
                silent = e;
            }
        }
        if (least == null && silent != null) {
            throw silent;
        }
        return least;
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
