package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import java.util.Arrays;

/**
 * Which consumer group of Kafka a subscription joins. The members of a consumer group rebalance together, whichever topics they read, so each
 * subscription has one of its own by default.
 *
 * <p>Offsets are never left behind: for a partition without an offset of its own, a subscription continues at the offset of the consumer group that
 * it would join otherwise, and commits it as its own. It waits until that consumer group has no member left that reads the topic.
 */
public enum ConsumerGroups {
    /** {@code <group>@@<destination>}, for example {@code billing@@orders}. The default. */
    PER_SUBSCRIPTION("subscription"),

    /** The group's name, for example {@code billing}, for all destinations that it reads. */
    PER_GROUP("group");

    /** No destination contains it. */
    private static final String MARK = "@@";

    /** The name of the option in a URI. */
    static final String OPTION = "consumer.groups";

    private final String word;

    ConsumerGroups(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static ConsumerGroups of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        OPTION, word, "is not a way to name consumer groups", "Use subscription or group"));
    }

    GroupName name(String destination, String group) {
        if (group.contains(MARK)) {
            throw new ConfigurationException(
                    "group",
                    group,
                    "contains " + MARK + ", which separates a group from its destination on Kafka",
                    "Choose the name of an instance or replay that does not begin with @ or contain " + MARK);
        }
        String own = group + MARK + destination;
        return this == PER_SUBSCRIPTION ? new GroupName(own, group) : new GroupName(group, own);
    }
}
