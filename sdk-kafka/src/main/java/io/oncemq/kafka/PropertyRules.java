package io.oncemq.kafka;

import static java.util.Map.entry;

import io.oncemq.ConfigurationException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** Which client properties the promise forbids, and which values may be printed. */
final class PropertyRules {
    private record Rule(Predicate<String> allowed, String problem, String remedy) {
        Rule remedy(String other) {
            return new Rule(allowed, problem, other);
        }
    }

    private static final String LEAVE = "Leave it out";

    private static final Map<String, Rule> RULES = Map.ofEntries(
            entry(
                    "acks",
                    only("a confirmation would not mean that every in-sync replica has the message", "all", "-1")),
            entry("enable.idempotence", only("the client's own retries would duplicate and reorder", "true")),
            entry(
                    "retries",
                    only(
                            "a batch that gives up is overtaken by the next, which breaks the order of keys",
                            String.valueOf(Integer.MAX_VALUE))),
            entry(
                    "max.in.flight.requests.per.connection",
                    new Rule(
                            value -> number("max.in.flight.requests.per.connection", value) <= 5,
                            "the idempotent producer keeps order up to 5 only",
                            "Use 1 to 5")),
            entry(
                    "max.block.ms",
                    new Rule(
                            value -> number("max.block.ms", value) <= 10_000,
                            "a send would block all publishers of the client for as long",
                            "Use 10000 or less")),
            entry(
                    "delivery.timeout.ms",
                    never(
                            "a batch that expires is overtaken by the next, which breaks the order of keys",
                            "Set PublisherOptions.deadline instead")),
            entry("transactional.id", never("transactions are not offered by this version", LEAVE)),
            entry("partitioner.class", never("the partition follows from the key's hash on every broker", LEAVE)),
            entry("key.serializer", never("keys go over the wire as UTF-8 text", LEAVE)),
            entry("value.serializer", never("bodies are encoded by the publisher's codec", "Give a Codec instead")),
            entry("key.deserializer", never("keys are read as UTF-8 text", LEAVE)),
            entry(
                    "value.deserializer",
                    never("a message that cannot be decoded would wedge its partition", "Give a Codec instead")),
            entry(
                    "interceptor.classes",
                    never(
                            "an interceptor can change, drop or reroute messages, against the promises",
                            "Use a MessagingEventListener")),
            entry("enable.auto.commit", only("messages would be acknowledged before they are handled", "false")),
            entry(
                    "isolation.level",
                    only(
                            "records of aborted transactions would be handled, and suppress those sent after them",
                            "read_committed")),
            entry(
                    "auto.offset.reset",
                    only("a lost position would skip or repeat messages silently", "none")
                            .remedy("Use startAt and onLostPositions of the subscription")),
            entry(
                    "partition.assignment.strategy",
                    never(
                            "handing partitions over without loss rests on the cooperative sticky assignor",
                            "Leave it out, or use groupProtocol(GroupProtocol.CONSUMER) with group.remote.assignor")),
            entry("group.protocol", never("it is a typed option", "Use Kafka.groupProtocol(GroupProtocol.CONSUMER)")),
            entry("group.id", never("the group is the subscription's", "Use group(name) of the subscription")),
            entry("client.id", never("it is the messaging client's", "Use MessagingClient.builder().clientId(name)")),
            entry("bootstrap.servers", never("it is given already", "Use Kafka.at(\"host:port\")")));

    /** Those that one group protocol knows and the other does not: Kafka's client would not start. */
    private static final Map<GroupProtocol, Map<String, Rule>> RULES_BY_PROTOCOL = Map.of(
            GroupProtocol.CLASSIC,
            Map.of(
                    "group.remote.assignor",
                    never("the members assign", "Leave it out, or use groupProtocol(GroupProtocol.CONSUMER)")),
            GroupProtocol.CONSUMER,
            Map.of(
                    "session.timeout.ms",
                    brokers("session.timeout.ms"),
                    "heartbeat.interval.ms",
                    brokers("heartbeat.interval.ms")));

    private static final Set<String> SECRET_PREFIXES = Set.of("sasl.", "ssl.");

    private PropertyRules() {}

    private static Rule only(String problem, String... values) {
        Set<String> allowed = Set.of(values);
        return new Rule(
                value -> allowed.contains(value.toLowerCase(Locale.ROOT)), problem, "Leave it out or use " + values[0]);
    }

    private static Rule never(String problem, String remedy) {
        return new Rule(value -> false, problem, remedy);
    }

    private static Rule brokers(String name) {
        return never(
                "it is the broker's with the consumer group protocol",
                "Set group.consumer." + name + " of the brokers, or consumer." + name
                        + " of the group's configuration");
    }

    static void check(GroupProtocol protocol, String name, Object value) {
        check(RULES_BY_PROTOCOL.getOrDefault(protocol, Map.of()).get(name), name, value);
    }

    static void check(String name, Object value) {
        check(RULES.get(name), name, value);
    }

    private static void check(@Nullable Rule rule, String name, Object value) {
        if (rule != null && !rule.allowed.test(String.valueOf(value).trim())) {
            throw new ConfigurationException(name, printable(name, value), rule.problem, rule.remedy);
        }
    }

    static long number(String name, Object value) {
        try {
            return Long.parseLong(String.valueOf(value).trim());
        } catch (NumberFormatException e) {
            throw new ConfigurationException(
                    name, printable(name, value), "is not a number", "Give milliseconds or a count");
        }
    }

    /** A value as it may be printed: only those of known properties that are no security settings. */
    static String printable(String name, Object value) {
        boolean known = ProducerConfig.configNames().contains(name)
                || ConsumerConfig.configNames().contains(name);
        boolean secret = SECRET_PREFIXES.stream().anyMatch(name::startsWith);
        return known && !secret ? String.valueOf(value) : "***";
    }
}
