package io.oncemq.quickstart;

import java.util.Set;

/**
 * A consumer process that was killed. Times are of the machine's monotonic clock, as in {@link Effect}.
 *
 * @param process its id
 * @param nanos when it was seen dead
 * @param concurrency how many handlers it ran at once
 * @param withoutDone of the messages that it had effect for: those for which the store had no DONE after its death
 * @param askedNanos when the store's last answer had come
 */
record Kill(long process, long nanos, int concurrency, Set<String> withoutDone, long askedNanos) {
    Kill {
        withoutDone = Set.copyOf(withoutDone);
    }
}
