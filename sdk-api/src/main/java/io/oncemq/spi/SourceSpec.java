package io.oncemq.spi;

import io.oncemq.LostPositions;
import io.oncemq.MessageFilter;
import io.oncemq.Ordering;
import io.oncemq.StartPosition;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a source shall receive.
 *
 * @param group who reads, as the broker knows it: a subscriber, an instance of a broadcast group, or the reader of a replay, whose positions
 *     are its own
 * @param ordering what the handlers were promised; {@link Ordering#UNORDERED} allows several owners of one queue
 * @param maxInFlight the engine's bound, from which an adapter with prefetch derives it
 * @param maxInFlightBytes the same in bytes; an adapter keeps no more than that beside what it has handed over, but for one message
 * @param handlerTimeout how long a handler may take, from which an adapter knows how long a message may stay unacknowledged
 * @param drainDeadline how long {@link SourceListener#onRevoking} may block
 * @param replay whether it reads what the broker keeps of messages that were read before, up to what is there when it starts, and then
 *     calls {@link SourceListener#onEnd}
 * @param broadcastOf the group of whose instances this is one, or null for a group that shares its messages. A broker that keeps messages
 *     only for readers that it knows then makes what the instance lacks when the source is opened, tells {@link
 *     io.oncemq.MessagingEvent.BroadcastBegins}, and removes it by itself when the instance is long away. Its dead letters are those of
 *     this group
 * @param filter which messages are wanted, or null for all; as {@link BrokerTransport#checkFilter} has let it pass. A source that finds a member
 *     of the group, or queues that were ensured, with another one fails
 * @param remembered whether a store suppresses what comes again, so that acknowledgements may wait a little
 */
public record SourceSpec(
        String destination,
        String group,
        StartPosition startAt,
        LostPositions onLost,
        Ordering ordering,
        int maxInFlight,
        long maxInFlightBytes,
        Duration handlerTimeout,
        Duration drainDeadline,
        boolean replay,
        @Nullable String broadcastOf,
        @Nullable MessageFilter filter,
        boolean remembered) {

    /** Without a store. */
    public SourceSpec(
            String destination,
            String group,
            StartPosition startAt,
            LostPositions onLost,
            Ordering ordering,
            int maxInFlight,
            long maxInFlightBytes,
            Duration handlerTimeout,
            Duration drainDeadline,
            boolean replay,
            @Nullable String broadcastOf,
            @Nullable MessageFilter filter) {
        this(
                destination,
                group,
                startAt,
                onLost,
                ordering,
                maxInFlight,
                maxInFlightBytes,
                handlerTimeout,
                drainDeadline,
                replay,
                broadcastOf,
                filter,
                false);
    }

    /** Without a filter and a store. */
    public SourceSpec(
            String destination,
            String group,
            StartPosition startAt,
            LostPositions onLost,
            Ordering ordering,
            int maxInFlight,
            long maxInFlightBytes,
            Duration handlerTimeout,
            Duration drainDeadline,
            boolean replay,
            @Nullable String broadcastOf) {
        this(
                destination,
                group,
                startAt,
                onLost,
                ordering,
                maxInFlight,
                maxInFlightBytes,
                handlerTimeout,
                drainDeadline,
                replay,
                broadcastOf,
                null,
                false);
    }
}
