package io.oncemq.rabbit;

import io.oncemq.spi.SendOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which delays a destination knows, as far as one session has asked. Publishing to an exchange that is not there would cost the channel, so
 * each delay is looked for before its first message. Thread-safe.
 */
final class DelayLevels {
    private final String destination;
    private final Topology topology;
    private final Map<Duration, Boolean> known = new ConcurrentHashMap<>();
    private final Set<Duration> wanted = ConcurrentHashMap.newKeySet();

    DelayLevels(String destination, Topology topology) {
        this.destination = destination;
        this.topology = topology;
    }

    /** Whether {@link #refusal} can tell about it. Else it is told after the next {@link #look}. */
    boolean knows(Duration delay) {
        Boolean there = known.get(delay);
        boolean told = there != null && (there || !topology.levels(destination).contains(delay));
        if (!told) {
            wanted.add(delay);
        }
        return told;
    }

    /** Asks the server for what is wanted. Blocks. */
    void look() {
        for (Duration delay : wanted) {
            known.put(delay, topology.hasDelay(destination, delay));
            wanted.remove(delay);
        }
    }

    /** Somebody may declare it. */
    void forgetMissing() {
        known.values().removeIf(there -> !there);
    }

    /** Why a message with this delay cannot be taken, or null if it can. */
    @Nullable
    String refusal(Duration delay, SendOptions options) {
        if (options.timeToLive() != null) {
            return "the server forgets the time to live of a message that it has delayed: ask for one of them";
        }
        if (options.priority() != null) {
            return "one with a high priority would hold up others while it waits: leave out priority or delay";
        }
        if (Boolean.TRUE.equals(known.get(delay))) {
            return null;
        }
        String others =
                topology.levels(destination).stream().map(Duration::toString).collect(Collectors.joining(", "));
        return destination + " has no delay of " + delay + "; "
                + (others.isEmpty() ? "this client knows of none there" : "it has " + others)
                + ": declare it with DestinationSpec.delays";
    }
}
