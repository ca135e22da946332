package io.oncemq;

import java.io.Serializable;

/**
 * One setting of a broker or a store that stands against {@link Profile#DURABLE}. Immutable; carries no secrets.
 *
 * @param component whose setting it is, such as {@code Kafka topic orders}
 * @param setting its name in the component's own words, such as {@code min.insync.replicas}
 * @param value the value, or why it cannot be read
 * @param requirement the value that it must have, and what could happen otherwise
 * @param remedy what to do about it
 */
public record Finding(
        String component, String setting, String value, String requirement, String remedy, Severity severity)
        implements Serializable {
    /** What a finding means for {@link Profile#DURABLE}. */
    public enum Severity {
        /** It is too weak: refused. */
        VIOLATION,
        /** It could not be read: refused, unless {@link MessagingClientBuilder#acceptUnchecked} names it. */
        UNCHECKED,
        /** The promise holds; a better value is advised with a warning. */
        ADVICE
    }

    public static Finding violation(String component, String setting, Object value, String requirement, String remedy) {
        return new Finding(component, setting, String.valueOf(value), requirement, remedy, Severity.VIOLATION);
    }

    /** @param reason why it could not be read */
    public static Finding unchecked(
            String component, String setting, String reason, String requirement, String remedy) {
        return new Finding(component, setting, reason, requirement, remedy, Severity.UNCHECKED);
    }

    public static Finding advice(String component, String setting, Object value, String requirement, String remedy) {
        return new Finding(component, setting, String.valueOf(value), requirement, remedy, Severity.ADVICE);
    }

    @Override
    public String toString() {
        String what =
                severity == Severity.UNCHECKED ? " could not be checked (" + value + "); it " : " = " + value + "; it ";
        return component + ": " + setting + what + requirement + ". " + remedy;
    }
}
