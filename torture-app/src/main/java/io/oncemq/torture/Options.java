package io.oncemq.torture;

import java.time.Duration;
import java.util.List;

/**
 * What to run.
 *
 * @param time for how long messages are published and faults happen
 * @param nemeses the names of those that were asked for; empty for all that there are
 */
record Options(BrokerKind broker, Duration time, long seed, List<String> nemeses) {
    Options {
        nemeses = List.copyOf(nemeses);
    }
}
