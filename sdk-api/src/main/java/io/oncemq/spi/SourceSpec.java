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
 * @param remembered whether a store suppresses redelivered messages, so that acknowledgements may wait a little
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

    /** A spec with the engine's defaults: from the earliest message, stopping at lost positions, in order per key, without a store. */
    public static Builder builder(String destination, String group) {
        return new Builder(destination, group);
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        return builder(destination, group)
                .startAt(startAt)
                .onLost(onLost)
                .ordering(ordering)
                .maxInFlight(maxInFlight)
                .maxInFlightBytes(maxInFlightBytes)
                .handlerTimeout(handlerTimeout)
                .drainDeadline(drainDeadline)
                .replay(replay)
                .broadcastOf(broadcastOf)
                .filter(filter)
                .remembered(remembered);
    }

    /** Sets the components of a {@link SourceSpec}, each under its name. For one thread. */
    public static final class Builder {
        private final String destination;
        private String group;
        private StartPosition startAt = StartPosition.EARLIEST;
        private LostPositions onLost = LostPositions.STOP;
        private Ordering ordering = Ordering.PER_KEY;
        private int maxInFlight = 10_000;
        private long maxInFlightBytes = 64 << 20;
        private Duration handlerTimeout = Duration.ofMinutes(5);
        private Duration drainDeadline = Duration.ofSeconds(60);
        private boolean replay;
        private @Nullable String broadcastOf;
        private @Nullable MessageFilter filter;
        private boolean remembered;

        private Builder(String destination, String group) {
            this.destination = destination;
            this.group = group;
        }

        public Builder group(String group) {
            this.group = group;
            return this;
        }

        public Builder startAt(StartPosition startAt) {
            this.startAt = startAt;
            return this;
        }

        public Builder onLost(LostPositions onLost) {
            this.onLost = onLost;
            return this;
        }

        public Builder ordering(Ordering ordering) {
            this.ordering = ordering;
            return this;
        }

        public Builder maxInFlight(int maxInFlight) {
            this.maxInFlight = maxInFlight;
            return this;
        }

        public Builder maxInFlightBytes(long maxInFlightBytes) {
            this.maxInFlightBytes = maxInFlightBytes;
            return this;
        }

        public Builder handlerTimeout(Duration handlerTimeout) {
            this.handlerTimeout = handlerTimeout;
            return this;
        }

        public Builder drainDeadline(Duration drainDeadline) {
            this.drainDeadline = drainDeadline;
            return this;
        }

        public Builder replay(boolean replay) {
            this.replay = replay;
            return this;
        }

        public Builder broadcastOf(@Nullable String broadcastOf) {
            this.broadcastOf = broadcastOf;
            return this;
        }

        public Builder filter(@Nullable MessageFilter filter) {
            this.filter = filter;
            return this;
        }

        public Builder remembered(boolean remembered) {
            this.remembered = remembered;
            return this;
        }

        public SourceSpec build() {
            return new SourceSpec(
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
                    remembered);
        }
    }
}
