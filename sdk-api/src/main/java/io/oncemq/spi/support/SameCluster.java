package io.oncemq.spi.support;

import io.oncemq.ConfigurationException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The rule that all addresses given to a transport lead to one cluster. With two clusters, the address that answers would decide where a
 * destination is, so that a publisher and its consumers would not meet. Thread-safe; does not block.
 */
public final class SameCluster {
    private SameCluster() {}

    /**
     * Refuses addresses of different clusters.
     *
     * @param property the setting that holds the addresses
     * @param identities what each address answered when asked by itself, in the order of the list; without those that did not answer. An
     *     empty identity says nothing
     * @throws ConfigurationException if two of them differ
     */
    public static void check(String property, Map<String, String> identities) {
        Map<String, String> known = new LinkedHashMap<>(identities);
        known.values().removeIf(String::isEmpty);
        if (new HashSet<>(known.values()).size() > 1) {
            String list = known.entrySet().stream()
                    .map(each -> each.getKey() + " belongs to " + each.getValue())
                    .collect(Collectors.joining(", "));
            throw new ConfigurationException(
                    property,
                    String.join(",", known.keySet()),
                    "the addresses belong to different clusters: " + list,
                    "Give the addresses of one cluster; open a client for each cluster");
        }
    }
}
