package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import java.util.regex.Pattern;

/**
 * A destination is a multicast address of its name. A group that keeps order has a durable queue {@code destination/group/shard} there for each
 * shard, one without order the queue {@code destination/group}: names of queues are unique in a broker. What Artemis reads as a wildcard, or
 * as a queue of an address, is no name.
 */
final class ArtemisNames {
    private static final Pattern REFUSED = Pattern.compile("[*#/]|::");

    private ArtemisNames() {}

    /** @throws ConfigurationException if it is none */
    static String address(String property, String destination) {
        return checked(property, destination);
    }

    /** @throws ConfigurationException if one of them is none */
    static String group(String destination, String group) {
        return checked("destination", destination) + "/" + checked("group", group);
    }

    static String queue(String destination, String group, int shard) {
        return group(destination, group) + "/" + shard;
    }

    /** Where members of a group hear of each other. */
    static String members(String destination, String group) {
        return group(destination, group) + "/members";
    }

    private static String checked(String property, String name) {
        if (REFUSED.matcher(name).find()) {
            throw new ConfigurationException(
                    property, name, "contains one of * # / ::, which have a meaning in Artemis", "Choose another name");
        }
        return name;
    }
}
