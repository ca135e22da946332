package io.oncemq;

/**
 * The names of groups, instances and replays for broker, store and events. A group that shares its messages has its own name; an instance of a
 * broadcast group and a replay add theirs after {@value #MARK}, which no group may contain, so that no two of them are ever the same.
 */
public final class GroupNames {
    static final String MARK = "@";

    private GroupNames() {}

    /**
     * @param property which setting names the group
     * @throws ConfigurationException if the name contains {@value #MARK} or a control character
     */
    public static void check(String property, String group) {
        checkControl(property, group);
        if (group.contains(MARK)) {
            throw new ConfigurationException(
                    property,
                    group,
                    "contains " + MARK + ", which separates a group from its instances and replays",
                    "Choose a name without it, such as " + group.replace(MARK, "-at-"));
        }
    }

    private static void checkControl(String property, String group) {
        if (group.chars().anyMatch(Character::isISOControl)) {
            throw new ConfigurationException(
                    property,
                    group.replaceAll("\\p{Cntrl}", "?"),
                    "contains a control character",
                    "Use visible characters");
        }
    }

    /** An instance of a broadcast group, for example {@code cache@pod-7}. See {@link SubscriptionBuilder#broadcast}. */
    public static String instance(String group, String instance) {
        return group + MARK + instance;
    }
}
