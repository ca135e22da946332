package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.SimpleString;

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

    /** How many shards the ordered groups of a destination have, from the names of its queues; 0 if there is no such group. */
    static int shards(String destination, Collection<SimpleString> queues) {
        Pattern shard = Pattern.compile(Pattern.quote(destination) + "/[^/]+/(\\d{1,6})");
        return queues.stream()
                .map(queue -> shard.matcher(queue.toString()))
                .filter(Matcher::matches)
                .mapToInt(found -> Integer.parseInt(found.group(1)) + 1)
                .max()
                .orElse(0);
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
