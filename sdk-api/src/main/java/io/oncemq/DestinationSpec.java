package io.oncemq;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A destination as it should exist, for {@link MessagingClient#ensure}. Immutable.
 *
 * @param partitions how many partitions, queues or shards carry its keys
 * @param replicas copies per partition; 0 leaves it to the broker
 * @param groups groups whose dead-letter destinations are ensured with it
 * @param settings further settings in the broker's own words
 */
public record DestinationSpec(
        String name, int partitions, int replicas, List<String> groups, Map<String, String> settings) {
    public DestinationSpec {
        if (name.isBlank()) {
            throw new ConfigurationException("DestinationSpec.name", "''", "is blank", "Name the destination");
        }
        if (partitions < 1) {
            throw new ConfigurationException("DestinationSpec.partitions", partitions, "is below 1", "Use 1 or more");
        }
        if (replicas < 0) {
            throw new ConfigurationException(
                    "DestinationSpec.replicas", replicas, "is negative", "Use 0 for the broker's default");
        }
        groups = List.copyOf(groups);
        settings = Map.copyOf(settings);
    }

    /** One partition, the broker's default of replicas. */
    public static DestinationSpec of(String name) {
        return new DestinationSpec(name, 1, 0, List.of(), Map.of());
    }

    public DestinationSpec partitions(int partitions) {
        return new DestinationSpec(name, partitions, replicas, groups, settings);
    }

    public DestinationSpec replicas(int replicas) {
        return new DestinationSpec(name, partitions, replicas, groups, settings);
    }

    /** Also ensures the group's dead-letter destination {@code <name>.<group>.dlq} (one partition). */
    public DestinationSpec group(String group) {
        List<String> all = new ArrayList<>(groups);
        all.add(group);
        return new DestinationSpec(name, partitions, replicas, all, settings);
    }

    public DestinationSpec setting(String key, String value) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put(key, value);
        return new DestinationSpec(name, partitions, replicas, groups, all);
    }

    /** The name of a group's dead-letter destination. */
    public static String deadLetterName(String destination, String group) {
        return destination + "." + group + ".dlq";
    }
}
