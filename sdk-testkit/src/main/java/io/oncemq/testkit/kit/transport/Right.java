package io.oncemq.testkit.kit.transport;

import java.util.Set;

/**
 * One right of a broker's, which a user of a destination can lack.
 *
 * @param name as the broker's documentation calls it
 * @param needed what cannot be done without it
 */
public record Right(String name, Set<Use> needed) {
    /** What a user does with a destination. */
    public enum Use {
        PUBLISH,

        /** To start a subscription, and to keep it running. */
        CONSUME,

        /** To start a subscription only; a running one continues without it. */
        START,
        DEAD_LETTER,
        ENSURE
    }

    public Right {
        needed = Set.copyOf(needed);
    }

    public static Right of(String name, Use... needed) {
        return new Right(name, Set.of(needed));
    }
}
