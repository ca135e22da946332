package io.oncemq.torture;

import java.util.Optional;
import java.util.SplittableRandom;

/** A kind of fault. Holds nothing of a run. */
interface Nemesis {
    /** As the command line names it. */
    String name();

    Against against();

    /** Why there is no such fault on a broker, or on this machine. */
    default Optional<String> obstacle(BrokerKind broker) {
        return Optional.empty();
    }

    /** The next one of its kind: who, for how long, as the seed has it. */
    Attack plan(Arena arena, SplittableRandom random);

    /** What is hit: two faults at once hit different things. */
    enum Against {
        CONSUMER,
        BROKER,
        STORE,
        DESTINATION
    }
}
