package io.oncemq.torture.history;

import java.time.Duration;

/**
 * What a run was configured to keep to; the checks take it from the history.
 *
 * @param lease of claims
 * @param handlerTimeout after which a claim is not renewed any more
 * @param rememberFor after which the store may forget what is done
 * @param publishDeadline after which a publish has an outcome
 * @param recovery how long after a fault's end its consequences may last, such as the broker's session time-out
 * @param delivery after which a confirmed message has been received, where nothing is wrong
 * @param maxInFlight how many messages a consumer process may have received and not acknowledged
 * @param concurrency how many handlers may run at once in a consumer process
 * @param maxAttempts how many times a handler may be run for one message; 0 for no bound
 * @param positionsWritten after which the broker has written to its disk what was acknowledged; zero if it answers when it has
 * @param exclusiveShards whether the broker gives a shard to one member at a time
 */
public record RunBounds(
        Duration lease,
        Duration handlerTimeout,
        Duration rememberFor,
        Duration publishDeadline,
        Duration recovery,
        Duration delivery,
        long maxInFlight,
        long concurrency,
        long maxAttempts,
        Duration positionsWritten,
        boolean exclusiveShards) {}
