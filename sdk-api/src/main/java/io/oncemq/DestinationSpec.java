package io.oncemq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A destination as it should exist, for {@link MessagingClient#ensure}. Defaults: the partitions that exist, or one where the destination is
 * created; the broker's default of replicas; no groups, history, delays and settings. Immutable.
 */
public final class DestinationSpec {
    private final String name;
    private final int partitions;
    private final int replicas;
    private final List<Group> groups;
    private final @Nullable History history;
    private final List<Duration> delays;
    private final Map<String, String> settings;

    private DestinationSpec(Builder builder) {
        this.name = builder.name;
        this.partitions = builder.partitions;
        this.replicas = builder.replicas;
        this.groups = List.copyOf(builder.groups);
        this.history = builder.history;
        this.delays = builder.delays.stream().distinct().sorted().toList();
        this.settings = Map.copyOf(builder.settings);
    }

    /**
     * A group that will read the destination.
     *
     * @param ordering {@link Ordering#UNORDERED} lets the processes of the group compete for messages on a broker that otherwise gives each
     *     partition to one of them; a log divides its partitions either way
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
     * @param maxBytes how much is kept of each partition at the most; 0 for no such limit
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

    /** The defaults under this name. */
    public static DestinationSpec of(String name) {
        return builder(name).build();
    }

    /** @throws ConfigurationException if the name is blank */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** A builder that starts with this destination. */
    public Builder toBuilder() {
        Builder builder =
                builder(name).partitions(partitions).replicas(replicas).groups(groups);
        builder.history = history;
        builder.delays.addAll(delays);
        builder.settings.putAll(settings);
        return builder;
    }

    public String name() {
        return name;
    }

    /** How many partitions carry its keys; 0 leaves an existing destination as it is, and creates a new one with 1. */
    public int partitions() {
        return partitions;
    }

    /** Copies per partition; 0 leaves it to the broker. */
    public int replicas() {
        return replicas;
    }

    /** Groups that are ensured with it, each with its dead-letter destination. */
    public List<Group> groups() {
        return groups;
    }

    /** How long messages are kept after they were read, on a broker that deletes them otherwise; null for not at all. */
    public @Nullable History history() {
        return history;
    }

    /** The delays that messages may ask for, on a broker that needs to know them before; rising. */
    public List<Duration> delays() {
        return delays;
    }

    /** Further settings in the broker's own words. */
    public Map<String, String> settings() {
        return settings;
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

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DestinationSpec that
                && name.equals(that.name)
                && partitions == that.partitions
                && replicas == that.replicas
                && groups.equals(that.groups)
                && Objects.equals(history, that.history)
                && delays.equals(that.delays)
                && settings.equals(that.settings);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, partitions, replicas, groups, history, delays, settings);
    }

    @Override
    public String toString() {
        return "DestinationSpec[name=" + name + ", partitions=" + partitions + ", replicas=" + replicas + ", groups="
                + groups + ", history=" + history + ", delays=" + delays + ", settings=" + settings + "]";
    }

    /** Sets what differs from the defaults. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private int partitions;
        private int replicas;
        private final List<Group> groups = new ArrayList<>();
        private @Nullable History history;
        private final List<Duration> delays = new ArrayList<>();
        private final Map<String, String> settings = new TreeMap<>();

        private Builder(String name) {
            if (name.isBlank()) {
                throw new ConfigurationException("DestinationSpec.name", "''", "is blank", "Name the destination");
            }
            this.name = name;
        }

        /**
         * The number of partitions; 0 stands for those that exist, or one where the destination is created.
         *
         * @throws ConfigurationException if it is negative
         */
        public Builder partitions(int partitions) {
            if (partitions < 0) {
                throw new ConfigurationException(
                        "DestinationSpec.partitions",
                        partitions,
                        "is negative",
                        "Use 1 or more, or 0 for those that exist");
            }
            this.partitions = partitions;
            return this;
        }

        /**
         * Copies per partition; 0 leaves it to the broker.
         *
         * @throws ConfigurationException if it is negative
         */
        public Builder replicas(int replicas) {
            if (replicas < 0) {
                throw new ConfigurationException(
                        "DestinationSpec.replicas", replicas, "is negative", "Use 0 for the broker's default");
            }
            this.replicas = replicas;
            return this;
        }

        /**
         * Also ensures what the group needs, and its dead-letter destination {@code <name>.<group>.dlq} (one partition), which a group of
         * the same name can read. A queue broker keeps messages for the groups that it knows: ensure a group before its first message.
         */
        public Builder group(String group) {
            return group(group, Ordering.PER_KEY);
        }

        /** As {@link #group(String)}, for a group that handles messages in the given order. */
        public Builder group(String group, Ordering ordering) {
            return add(new Group(group, ordering, false, null));
        }

        /**
         * As {@link #group(String, Ordering)}, for a group that wants a part of the messages. On a queue broker the others are not kept for it,
         * so the filter is a part of the group from the beginning; its members name the same one ({@link SubscriptionBuilder#filter}).
         */
        public Builder group(String group, Ordering ordering, MessageFilter filter) {
            return add(new Group(group, ordering, false, filter));
        }

        /**
         * Also ensures the dead-letter destination of a group whose instances each get every message, see {@link
         * SubscriptionBuilder#broadcast}. What an instance reads is made when it starts.
         */
        public Builder broadcast(String group) {
            return add(new Group(group, Ordering.PER_KEY, true, null));
        }

        private Builder add(Group group) {
            groups.add(group);
            return this;
        }

        /** With these groups in place of those so far. */
        public Builder groups(List<Group> groups) {
            List<Group> given = List.copyOf(groups);
            this.groups.clear();
            this.groups.addAll(given);
            return this;
        }

        /**
         * Also ensures that messages can be replayed for so long after they were published ({@link SubscriptionBuilder#replay}), those from
         * now on. A log keeps its messages anyway, for its own retention, which this does not change.
         *
         * @throws ConfigurationException if it is below a second
         */
        public Builder history(Duration maxAge) {
            return history(maxAge, 0);
        }

        /** As {@link #history(Duration)}, and at most {@code maxBytes} of each partition; 0 is no limit. */
        public Builder history(Duration maxAge, long maxBytes) {
            this.history = new History(maxAge, maxBytes);
            return this;
        }

        /**
         * Also ensures that messages may ask for these delays ({@link OutboundMessage#delay}). A broker that delays by itself takes any and
         * needs none declared. Levels that the destination has already stay.
         *
         * @throws ConfigurationException if one is not positive, or longer than 49 days
         */
        public Builder delays(Duration... levels) {
            for (Duration level : levels) {
                delays.add(WholeMillis.of("DestinationSpec.delays", level));
            }
            return this;
        }

        /** A further setting in the broker's own words. */
        public Builder setting(String key, String value) {
            settings.put(key, value);
            return this;
        }

        public DestinationSpec build() {
            return new DestinationSpec(this);
        }
    }
}
