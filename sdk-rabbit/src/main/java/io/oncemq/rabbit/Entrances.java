package io.oncemq.rabbit;

import io.oncemq.MessagingException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.SendOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges through which messages reach one destination, its own and one per delay, as far as one session has asked about them.
 * Publishing to an exchange that is missing, or where the user has no right to write, costs the channel and everything that is open on
 * it. So each exchange is asked about before its first message. Thread-safe.
 */
final class Entrances {
    /** The key of the destination's own exchange. */
    private static final Duration NONE = Duration.ZERO;

    /** Why a message cannot be taken. */
    record Refusal(Reason reason, MessagingException cause) {}

    /** Asks whether the server refuses what is published to an exchange; null if it does not. Blocks. */
    interface Probe {
        @Nullable
        MessagingException refusal(String exchange);
    }

    /** What the server said about one exchange. */
    private record Answer(boolean there, @Nullable MessagingException refusal) {
        boolean isOpen() {
            return there && refusal == null;
        }
    }

    private final String destination;
    private final String own;
    private final Topology topology;
    private final Probe probe;
    private final Map<Duration, Answer> known = new ConcurrentHashMap<>();
    private final Set<Duration> wanted = ConcurrentHashMap.newKeySet();
    private volatile boolean open;

    Entrances(String destination, Topology topology, Probe probe) {
        this.destination = destination;
        this.own = RabbitNames.exchange(destination);
        this.topology = topology;
        this.probe = probe;
    }

    String exchange(@Nullable Duration delay) {
        return delay == null ? own : RabbitNames.delay(destination, delay);
    }

    /** Whether {@link #refusal} can tell about it. Else it is known after {@link #want} and the next {@link #look}. */
    boolean knows(@Nullable Duration delay) {
        if (delay == null && open) {
            return true;
        }
        Answer answer = known.get(key(delay));
        return answer != null && (answer.there || !topology.levels(destination).contains(key(delay)));
    }

    void want(@Nullable Duration delay) {
        wanted.add(key(delay));
    }

    private static Duration key(@Nullable Duration delay) {
        return delay == null ? NONE : delay;
    }

    /** Asks the server about what is wanted of an existing destination. Blocks. */
    void look() {
        for (Duration delay : wanted) {
            boolean direct = delay.equals(NONE);
            boolean there = direct || topology.hasDelay(destination, delay);
            Answer answer = new Answer(there, there ? probe.refusal(exchange(direct ? null : delay)) : null);
            known.put(delay, answer);
            wanted.remove(delay);
            if (direct) {
                open = answer.isOpen();
            }
        }
    }

    /** The next message there asks again: somebody may have given the right. */
    void forgetRefused() {
        known.values().removeIf(answer -> answer.refusal != null);
    }

    /** Somebody may declare it. */
    void forgetMissing() {
        known.values().removeIf(answer -> !answer.there);
    }

    /** Why a message with this delay cannot be taken, or null if it can. */
    @Nullable
    Refusal refusal(@Nullable Duration delay, @Nullable SendOptions options) {
        if (delay == null && open) {
            return null;
        }
        String conflict = delay == null || options == null ? null : conflict(options);
        if (conflict != null) {
            return refused(conflict);
        }
        Answer answer = known.get(key(delay));
        if (answer != null && answer.refusal != null) {
            return new Refusal(Reason.UNAUTHORIZED, answer.refusal);
        }
        return answer != null && answer.there ? null : refused(missing(delay));
    }

    private static Refusal refused(String text) {
        return new Refusal(Reason.REFUSED, new MessagingException(text, null));
    }

    private static @Nullable String conflict(SendOptions options) {
        if (options.timeToLive() != null) {
            return "the server forgets the time to live of a message that it has delayed: ask for one of them";
        }
        return options.priority() == null
                ? null
                : "one with a high priority would hold up others while it waits: leave out priority or delay";
    }

    private String missing(@Nullable Duration delay) {
        String others =
                topology.levels(destination).stream().map(Duration::toString).collect(Collectors.joining(", "));
        return destination + " has no delay of " + delay + "; "
                + (others.isEmpty() ? "this client knows of none there" : "it has " + others)
                + ": declare it with DestinationSpec.delays";
    }
}
