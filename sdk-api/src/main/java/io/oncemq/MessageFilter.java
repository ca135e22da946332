package io.oncemq;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/**
 * Which messages of a destination a group wants. The broker leaves out the others: they are not delivered, count as handled for the
 * group's position, and are not remembered. Immutable.
 *
 * <p>A filter belongs to the group, not to a process: every member uses the same one. A group that changes it does not receive
 * messages that it has passed over before. To filter in another way at the same time, use another group.
 */
public final class MessageFilter {
    /** In which language {@link #expressions} are. */
    public enum Kind {
        /** Types, of which a message has one. */
        TYPES,
        /** One condition of SQL92. */
        SQL
    }

    private final Kind kind;
    private final List<String> expressions;

    private MessageFilter(Kind kind, List<String> expressions) {
        this.kind = kind;
        this.expressions = expressions;
    }

    /**
     * Messages of one of these types ({@link OutboundMessage#type}). On RocketMQ a type is a tag: words without {@code |}; messages of
     * other producers match by their tag.
     *
     * @throws ConfigurationException if there is none, or a blank one
     */
    public static MessageFilter types(String... types) {
        List<String> given = List.copyOf(new LinkedHashSet<>(List.of(types)));
        if (given.isEmpty() || given.stream().anyMatch(String::isBlank)) {
            throw new ConfigurationException(
                    "filter", given, "names no type, or a blank one", "Name types such as order.paid, or leave it out");
        }
        return new MessageFilter(Kind.TYPES, given);
    }

    /**
     * Messages whose headers fulfil a condition, such as {@code region = 'EU' AND amount > 100}, in the SQL92 of the broker. A message for
     * which it cannot be evaluated, because it lacks a header or has text in the place of a number, does not match.
     *
     * @throws ConfigurationException if it is blank; what the broker does not understand is refused when the subscription starts
     */
    public static MessageFilter sql(String condition) {
        if (condition.isBlank()) {
            throw new ConfigurationException(
                    "filter", "''", "is blank", "Write a condition such as region = 'EU', or leave it out");
        }
        return new MessageFilter(Kind.SQL, List.of(condition));
    }

    public Kind kind() {
        return kind;
    }

    /** The types, or the one condition. */
    public List<String> expressions() {
        return expressions;
    }

    /** The same types in another order are the same filter. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MessageFilter filter && kind == filter.kind && sorted().equals(filter.sorted());
    }

    private List<String> sorted() {
        return expressions.stream().sorted().toList();
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, sorted());
    }

    /** Like {@code types[order.paid]}; equal for equal filters only. */
    @Override
    public String toString() {
        return (kind == Kind.TYPES ? "types" : "sql") + sorted();
    }
}
