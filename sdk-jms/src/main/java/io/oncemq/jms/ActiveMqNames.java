package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import java.util.regex.Pattern;

/**
 * A shard of a destination is the virtual topic {@code VirtualTopic.destination.3}, and a group has the queue {@code
 * Consumer.group.VirtualTopic.destination.3} for each. A full stop in the name of a group would hide the queue from the broker's pattern
 * {@code Consumer.*.}, so it is written as {@code /}. What Classic reads as a pattern, a list or an option is no name.
 */
final class ActiveMqNames {
    private static final Pattern REFUSED = Pattern.compile("[*>,?/\\s]");

    private ActiveMqNames() {}

    /** @throws ConfigurationException if the destination is no name */
    static String topic(String destination, int shard) {
        return "VirtualTopic." + checked("destination", destination) + "." + shard;
    }

    /** @throws ConfigurationException if one of them is none */
    static String queue(String destination, String group, int shard) {
        return "Consumer." + escaped(group) + "." + topic(destination, shard);
    }

    /** The queue in which it stands what groups and how many shards a destination has. */
    static String register(String destination) {
        return "oncemq.register." + checked("destination", destination);
    }

    /** A pattern that matches the register's queue, if it exists. Browsing a queue by its name would create it. */
    static String registerIfThere(String destination) {
        return "oncemq.*." + checked("destination", destination);
    }

    /** Where members of a group hear of each other. */
    static String members(String destination, String group) {
        return "oncemq.members." + escaped(group) + "." + checked("destination", destination);
    }

    private static String escaped(String group) {
        return checked("group", group).replace('.', '/');
    }

    static String checked(String property, String name) {
        if (REFUSED.matcher(name).find()) {
            throw new ConfigurationException(
                    property,
                    name,
                    "contains a blank or one of * > , ? /, which have a meaning in ActiveMQ",
                    "Choose another name");
        }
        return name;
    }
}
