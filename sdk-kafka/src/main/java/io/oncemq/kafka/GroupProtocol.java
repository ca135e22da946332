package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/**
 * How the members of a group share partitions. Every promise holds with either. The members of one group may change over one
 * by one, in either direction, while the group works.
 */
public enum GroupProtocol {
    /**
     * The members assign, by the cooperative sticky assignor; every broker knows it. The default. A member's
     * {@code session.timeout.ms} and {@code heartbeat.interval.ms} are consumer properties.
     */
    CLASSIC(
            "classic",
            Map.of(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName())),

    /**
     * The broker assigns (KIP-848, Kafka 4.0 or newer): a change concerns only the members whose partitions move, and large
     * groups settle faster. Session time-out and heartbeat interval are the broker's, for all groups
     * ({@code group.consumer.session.timeout.ms}, {@code group.consumer.heartbeat.interval.ms}) or for one
     * ({@code consumer.session.timeout.ms}, {@code consumer.heartbeat.interval.ms} of its group configuration). A member
     * hears of a change with its next heartbeat, after 5 s at the latest by the broker's default.
     */
    CONSUMER("consumer", Map.of());

    private final String word;
    private final Map<String, String> properties;

    GroupProtocol(String word, Map<String, String> assignment) {
        this.word = word;
        this.properties = assignment;
    }

    /** As Kafka's own {@code group.protocol} spells it. */
    String word() {
        return word;
    }

    /** What else the consumer needs. */
    Map<String, String> properties() {
        return properties;
    }

    static GroupProtocol of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        word,
                        "is not a group protocol",
                        "Use classic or consumer"));
    }
}
