package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import io.oncemq.MessageFilter;
import io.oncemq.MessageFilter.Kind;
import java.util.stream.Collectors;

/** Filters as JMS selects messages: by a condition over properties, of which every header is a text. */
final class Selectors {
    /** With it both brokers compare a text with a number as numbers. */
    static final String NUMBERS = "convert_string_expressions:";

    /** Fails on what the broker does not understand. */
    interface Parser {
        void parse(String condition) throws Exception;
    }

    private Selectors() {}

    /** Without {@link #NUMBERS}; the same for equal filters. */
    static String condition(MessageFilter filter) {
        if (filter.kind() == Kind.SQL) {
            return filter.expressions().get(0);
        }
        return filter.expressions().stream()
                .sorted()
                .map(type -> "'" + type.replace("'", "''") + "'")
                .collect(Collectors.joining(", ", JmsRecords.PREFIX + "type IN (", ")"));
    }

    /** @throws ConfigurationException if it is no condition as a whole */
    static void check(MessageFilter filter, Parser parser) {
        try {
            parser.parse(NUMBERS + condition(filter));
        } catch (Exception e) {
            throw new ConfigurationException(
                    "filter", filter, "the broker cannot parse it: " + e.getMessage(), "Correct the condition");
        }
    }

    static ConfigurationException different(String group, String destination, Object asked, Object there) {
        return new ConfigurationException(
                "filter",
                asked,
                "is not the one of the group " + group + " on " + destination + ", which is: " + there,
                "Use the filter with which the group was ensured, or ensure another group with this one");
    }
}
