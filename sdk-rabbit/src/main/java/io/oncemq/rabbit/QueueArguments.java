package io.oncemq.rabbit;

import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.spi.NearestName;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the queues of a group are declared with, and what the server says when they exist with something else (Q9). */
final class QueueArguments {
    /**
     * How often the server may take a message back before it gives it to the dead letter. Healthy messages that a crashed consumer had
     * fetched count as well, so it must never get there before the engine's own count. −1, for never, is refused before 4.0.
     */
    static final int DELIVERY_LIMIT = 1_000_000;

    static final String GROUP_SIZE = "x-quorum-initial-group-size";

    private static final Set<String> NUMBERS = Set.of(
            "x-max-length",
            "x-max-length-bytes",
            "x-max-in-memory-length",
            "x-max-in-memory-bytes",
            "x-quorum-target-group-size");
    private static final Set<String> TEXTS = Set.of("x-queue-leader-locator");
    private static final Set<String> POSSIBLE =
            Stream.of(NUMBERS, TEXTS).flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
    private static final Pattern DIFFERENCE =
            Pattern.compile("inequivalent arg '([^']*)' for .*?: received (.*) but current is (.*)", Pattern.DOTALL);
    private static final Pattern TYPED = Pattern.compile("(?:the value )?'(.*)'(?: of type '.*')?", Pattern.DOTALL);

    private QueueArguments() {}

    /** @throws ConfigurationException if a setting is none that keeps the promise */
    static void check(DestinationSpec spec) {
        spec.settings().forEach((name, value) -> {
            if (NUMBERS.contains(name)) {
                number(name, value);
            } else if (!TEXTS.contains(name)) {
                throw new ConfigurationException(
                        "DestinationSpec.setting(" + name + ")",
                        value,
                        "is set by OnceMQ, or could lose or reorder messages",
                        NearestName.remedy(
                                name, POSSIBLE, "leave it out; possible are " + String.join(", ", POSSIBLE)));
            }
        });
    }

    /** @param ordered whether one consumer at a time reads it */
    static Map<String, Object> of(DestinationSpec spec, String group, boolean ordered) {
        String deadLetters = DestinationSpec.deadLetterName(spec.name(), group);
        Map<String, Object> arguments = reliable(spec, RabbitNames.exchange(deadLetters));
        arguments.put("x-dead-letter-routing-key", RabbitNames.routingKey(0, 1));
        if (ordered) {
            arguments.put("x-single-active-consumer", true);
        }
        return arguments;
    }

    /** For a queue that nobody consumes: the server moves its messages on, under their routing keys, when the time is over. */
    static Map<String, Object> ofDelay(DestinationSpec spec, Duration delay) {
        Map<String, Object> arguments = reliable(spec, RabbitNames.exchange(spec.name()));
        arguments.put("x-message-ttl", delay.toMillis());
        return arguments;
    }

    /** @param deadLetters the exchange that takes what leaves the queue otherwise than by an acknowledgement */
    private static Map<String, Object> reliable(DestinationSpec spec, String deadLetters) {
        Map<String, Object> arguments = new TreeMap<>();
        spec.settings()
                .forEach((name, value) ->
                        arguments.put(name, NUMBERS.contains(name) ? (Object) number(name, value) : value));
        arguments.put("x-queue-type", "quorum");
        arguments.put("x-delivery-limit", DELIVERY_LIMIT);
        arguments.put("x-dead-letter-exchange", deadLetters);
        arguments.put("x-dead-letter-strategy", "at-least-once");
        arguments.put("x-overflow", "reject-publish");
        if (spec.replicas() > 0) {
            arguments.put(GROUP_SIZE, spec.replicas());
        }
        return arguments;
    }

    /** Of the streams that keep what was read. */
    static Map<String, Object> ofHistory(DestinationSpec spec, DestinationSpec.History history) {
        Map<String, Object> arguments = new TreeMap<>();
        arguments.put("x-queue-type", "stream");
        arguments.put("x-max-age", history.maxAge().toSeconds() + "s");
        if (history.maxBytes() > 0) {
            arguments.put("x-max-length-bytes", history.maxBytes());
        }
        if (spec.replicas() > 0) {
            arguments.put("x-initial-cluster-size", spec.replicas());
        }
        return arguments;
    }

    /** The same for the queues of an instance, which the server removes when nobody has consumed them for a time. */
    static Map<String, Object> ofInstance(String destination, String group, Duration keep) {
        Map<String, Object> arguments = of(DestinationSpec.of(destination), group, true);
        arguments.put("x-expires", keep.toMillis());
        return arguments;
    }

    private static long number(String name, String value) {
        try {
            long number = Long.parseLong(value.trim());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new ConfigurationException(
                "DestinationSpec.setting(" + name + ")",
                value,
                "is not a whole number from 0 on",
                "Use a whole number, 0 or more");
    }

    /** @param text of the server's PRECONDITION_FAILED */
    static ConfigurationException mismatch(String what, String text) {
        Matcher difference = DIFFERENCE.matcher(text);
        if (!difference.find()) {
            return new ConfigurationException(
                    what,
                    "(exists)",
                    "the server says: " + text,
                    "Delete it once it is empty, or use another destination");
        }
        String name = difference.group(1);
        return new ConfigurationException(
                name,
                plain(difference.group(2)),
                what + " exists with " + plain(difference.group(3)),
                "Use the existing value, or delete it once it is empty");
    }

    private static String plain(String value) {
        Matcher typed = TYPED.matcher(value.trim());
        return typed.matches() ? typed.group(1) : value.trim();
    }
}
