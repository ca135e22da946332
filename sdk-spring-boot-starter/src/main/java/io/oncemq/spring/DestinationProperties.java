package io.oncemq.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A destination that is created at the start where it is missing. */
public class DestinationProperties {
    /** Partitions, queues or shards that carry its keys; 0 leaves an existing destination as it is, and creates a new one with 1. */
    private int partitions = 0;

    /** Copies of each; 0 leaves it to the broker. */
    private int replicas = 0;

    /** Groups that will read it, each ensured with its dead-letter destination. */
    private List<String> groups = List.of();

    /** Groups of which each instance reads every message. */
    private List<String> broadcastGroups = List.of();

    /** For how long messages that were read are kept for replays, on a broker that deletes them otherwise. */
    private @Nullable Duration history;

    /** Delays that messages may ask for, on a broker that must know them. */
    private List<Duration> delays = List.of();

    /** Further settings in the broker's own words. */
    private Map<String, String> settings = new LinkedHashMap<>();

    public int getPartitions() {
        return partitions;
    }

    public void setPartitions(int partitions) {
        this.partitions = partitions;
    }

    public int getReplicas() {
        return replicas;
    }

    public void setReplicas(int replicas) {
        this.replicas = replicas;
    }

    public List<String> getGroups() {
        return groups;
    }

    public void setGroups(List<String> groups) {
        this.groups = groups;
    }

    public List<String> getBroadcastGroups() {
        return broadcastGroups;
    }

    public void setBroadcastGroups(List<String> broadcastGroups) {
        this.broadcastGroups = broadcastGroups;
    }

    public @Nullable Duration getHistory() {
        return history;
    }

    public void setHistory(@Nullable Duration history) {
        this.history = history;
    }

    public List<Duration> getDelays() {
        return delays;
    }

    public void setDelays(List<Duration> delays) {
        this.delays = delays;
    }

    public Map<String, String> getSettings() {
        return settings;
    }

    public void setSettings(Map<String, String> settings) {
        this.settings = settings;
    }
}
