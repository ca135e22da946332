package io.oncemq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A destination as it should exist, for {@link MessagingClient#ensure}. Immutable.
 *
 * @param partitions how many partitions, queues or shards carry its keys
 * @param replicas copies per partition; 0 leaves it to the broker
 * @param groups groups that are ensured with it, each with its dead-letter destination
 * @param history how long messages are kept after they were read, on a broker that deletes them otherwise; null for not at all
 * @param delays the delays that messages may ask for, on a broker that needs to know them before; rising
 * @param settings further settings in the broker's own words
 */
public record DestinationSpec(
        String name,
        int partitions,
        int replicas,
        List<Group> groups,
        @Nullable History history,
        List<Duration> delays,
        Map<String, String> settings) {
    /**
     * A group that will read the destination.
     *
     * @param ordering {@link Ordering#UNORDERED} lets the processes of the group compete for messages on a broker that otherwise gives each
     *     shard to one of them; a log divides its partitions either way
     * @param broadcast whether each of its instances gets every message, so that only its dead letters are ensured
     * @param filter which messages are kept for it, or null for all
     */
    public record Group(
            String name,
            Ordering ordering,
            boolean broadcast,
            @Nullable MessageFilter filter) {
        public Group {
            if (name.isBlank()) {
                throw new ConfigurationException(
                        "DestinationSpec.group", "''", "is blank", "Name the logical subscriber");
            }
            GroupNames.check("DestinationSpec.group", name);
        }
    }

    /**
     * For how long messages are kept for {@link Replay}s.
     *
     * @param maxBytes how much is kept of each shard at the most; 0 for no such limit
     */
    public record History(Duration maxAge, long maxBytes) {
        public History {
            if (maxAge.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new ConfigurationException(
                        "DestinationSpec.history", maxAge, "is below a second", "Use for example Duration.ofDays(7)");
            }
            if (maxBytes < 0) {
                throw new ConfigurationException(
                        "DestinationSpec.history", maxBytes, "is negative", "Use 0 for no limit in bytes");
            }
        }
    }

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
        delays = delays.stream()
                .map(each -> WholeMillis.of("DestinationSpec.delays", each))
                .distinct()
                .sorted()
                .toList();
        settings = Map.copyOf(settings);
    }

    /** One partition, the broker's default of replicas. */
    public static DestinationSpec of(String name) {
        return new DestinationSpec(name, 1, 0, List.of(), null, List.of(), Map.of());
    }

    public DestinationSpec partitions(int partitions) {
        return new DestinationSpec(name, partitions, replicas, groups, history, delays, settings);
    }

    public DestinationSpec replicas(int replicas) {
        return new DestinationSpec(name, partitions, replicas, groups, history, delays, settings);
    }

    /**
     * Also ensures what the group needs, and its dead-letter destination {@code <name>.<group>.dlq} (one partition), which a group of
     * the same name can read. A queue broker keeps messages for the groups that it knows: ensure a group before its first message.
     */
    public DestinationSpec group(String group) {
        return group(group, Ordering.PER_KEY);
    }

    /** As {@link #group(String)}, for a group that handles messages in the given order. */
    public DestinationSpec group(String group, Ordering ordering) {
        return with(new Group(group, ordering, false, null));
    }

    /**
     * As {@link #group(String, Ordering)}, for a group that wants a part of the messages. On a queue broker the others are not kept for it, so
     * the filter is a part of the group from the beginning; its members name the same one ({@link SubscriptionBuilder#filter}).
     */
    public DestinationSpec group(String group, Ordering ordering, MessageFilter filter) {
        return with(new Group(group, ordering, false, filter));
    }

    /**
     * Also ensures the dead-letter destination of a group whose instances each get every message, see {@link
     * SubscriptionBuilder#broadcast}. What an instance reads is made when it starts.
     */
    public DestinationSpec broadcast(String group) {
        return with(new Group(group, Ordering.PER_KEY, true, null));
    }

    private DestinationSpec with(Group group) {
        List<Group> all = new ArrayList<>(groups);
        all.add(group);
        return groups(all);
    }

    /** With these groups in place of those so far. */
    public DestinationSpec groups(List<Group> groups) {
        return new DestinationSpec(name, partitions, replicas, groups, history, delays, settings);
    }

    /**
     * Also ensures that messages can be replayed for so long after they were published ({@link SubscriptionBuilder#replay}), those from now
     * on. A log keeps its messages anyway, for its own retention, which this does not change.
     */
    public DestinationSpec history(Duration maxAge) {
        return history(maxAge, 0);
    }

    /** As {@link #history(Duration)}, and at most {@code maxBytes} of each shard; 0 is no limit. */
    public DestinationSpec history(Duration maxAge, long maxBytes) {
        return new DestinationSpec(name, partitions, replicas, groups, new History(maxAge, maxBytes), delays, settings);
    }

    /**
     * Also ensures that messages may ask for these delays ({@link OutboundMessage#delay}). A broker that delays by itself takes any and
     * needs none declared. Levels that the destination has already stay.
     *
     * @throws ConfigurationException if one is not positive, or longer than 49 days
     */
    public DestinationSpec delays(Duration... levels) {
        List<Duration> all = Stream.concat(delays.stream(), Stream.of(levels)).toList();
        return new DestinationSpec(name, partitions, replicas, groups, history, all, settings);
    }

    public DestinationSpec setting(String key, String value) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put(key, value);
        return new DestinationSpec(name, partitions, replicas, groups, history, delays, all);
    }

    /**
     * The name of a group's dead-letter destination: {@code <destination>.<group>.dlq}. So that no two groups share one, a full stop in
     * the group is written as {@code _2e}, and an underscore before {@code 2e} or {@code 5f} as {@code _5f}: the dead letters of {@code
     * eu.billing} on {@code orders} are in {@code orders.eu_2ebilling.dlq}.
     */
    public static String deadLetterName(String destination, String group) {
        return destination + "." + DeadLetterNames.written(group) + DeadLetterNames.END;
    }

    /** The group whose dead letters of a destination have this name, the inverse of {@link #deadLetterName}; null for any other name. */
    public static @Nullable String deadLetterGroup(String destination, String deadLetters) {
        return DeadLetterNames.group(destination, deadLetters);
    }
}
