package io.oncemq.core.publish;

import io.oncemq.ConfigurationException;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PartitionsAccepted;
import io.oncemq.MessagingEvent.PartitionsChanged;
import io.oncemq.MessagingEvent.PartitionsMoved;
import io.oncemq.MessagingEvent.PartitionsRestored;
import io.oncemq.spi.OutboundFrame;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Over how many shards the keys of each destination are placed (K13). The number that configuration names, else the first one
 * that a session tells, is kept: a key stays in its shard. When a session tells another one, or as many in other places, keyed messages of the
 * destination are held, here, and everything else goes on. They go on once the number is accepted, none of them is on its way
 * to its old shard any more, and the session has been told so. Thread-safe.
 */
final class ShardCounts {
    private final Map<String, Count> counts = new HashMap<>();
    private final Consumer<MessagingEvent> events;
    private Runnable whenFreed = () -> {};
    private volatile boolean anyHeld;
    private volatile boolean anyChanging;

    ShardCounts(Consumer<MessagingEvent> events) {
        this.events = events;
    }

    /** What to do, on any thread, when held messages may go on. */
    synchronized void whenFreed(Runnable action) {
        whenFreed = action;
    }

    /**
     * A publisher is configured for so many shards.
     *
     * @throws ConfigurationException if the client places keys over another number and the broker has not so many either
     */
    synchronized void expect(String destination, int number) {
        Count count = count(destination);
        if (count.kept != 0 && count.kept != number && count.actual != number) {
            throw new ConfigurationException(
                    "PublisherOptions.partitions",
                    number,
                    "this client places the keys of " + destination + " over " + count.kept,
                    "Use " + count.kept + ", or accept the change with MessagingClient.acceptPartitions");
        }
        // A number that is configured says nothing of other places.
        if (count.kept != number || count.accepted != number) {
            count.accept(number, count.keptPlaces);
        }
    }

    /** So many shards are right from now on, where they are told to be, or from when the broker has so many. */
    synchronized void accept(String destination, int number) {
        Count count = count(destination);
        count.accept(number, count.actual == number ? count.actualPlaces : count.keptPlaces);
    }

    /** @see io.oncemq.spi.PublishListener#shards */
    boolean told(String destination, int actual) {
        return told(destination, actual, null, false);
    }

    /** @see io.oncemq.spi.PublishListener#shards(String, int, String, boolean) */
    synchronized boolean told(String destination, int actual, @Nullable String places, boolean accepted) {
        Count count = count(destination);
        if (count.kept == 0) {
            count.kept = actual;
        }
        if (count.kept == actual && count.keptPlaces == null) {
            count.keptPlaces = places;
        }
        boolean news = count.actual != actual || !Objects.equals(count.actualPlaces, places);
        count.actual = actual;
        count.actualPlaces = places;
        if (count.isKept(actual, places)) {
            free(destination, count);
            return true;
        }
        count.held = true;
        if (accepted && count.kept == actual) {
            count.accept(actual, places);
        }
        count.changing = count.isAccepted();
        look();
        if (news && !count.changing) {
            count.toldOf = true;
            events.accept(
                    count.kept == actual
                            ? new PartitionsMoved(destination, actual, count.before(), count.now())
                            : new PartitionsChanged(destination, count.kept, actual));
        }
        return false;
    }

    private void free(String destination, Count count) {
        if (count.held) {
            count.held = false;
            count.changing = false;
            look();
            if (count.toldOf) {
                count.toldOf = false;
                events.accept(new PartitionsRestored(destination, count.kept));
            }
            whenFreed.run();
        }
    }

    /** Whether a message waits for its destination's change to be accepted. Cheap while nothing does. */
    boolean holds(OutboundFrame frame) {
        return anyHeld && frame.key() != null && isHeld(frame.destination());
    }

    private synchronized boolean isHeld(String destination) {
        Count count = counts.get(destination);
        return count != null && count.held;
    }

    /** Over how many shards keys are placed; 0 if that is not known. */
    synchronized int kept(String destination) {
        Count count = counts.get(destination);
        return count == null ? 0 : count.kept;
    }

    /** As {@link #kept}, without a lock. */
    synchronized IntSupplier partitions(String destination) {
        Count count = count(destination);
        return () -> count.kept;
    }

    /** Whether an accepted change waits for {@link #settled}. */
    boolean areChanging() {
        return anyChanging;
    }

    /** Makes accepted changes final where no keyed message is on its way. @param onItsWay to a destination */
    synchronized void settled(java.util.function.Predicate<String> onItsWay) {
        counts.forEach((destination, count) -> {
            if (count.changing && count.isAccepted() && !onItsWay.test(destination)) {
                count.toldOf = false;
                events.accept(new PartitionsAccepted(destination, count.accepted));
                count.kept = count.accepted;
                count.keptPlaces = count.actualPlaces;
                count.accepted = 0;
                count.changing = false;
            }
        });
        look();
    }

    /** Why a message was not handed over, if this is why. */
    synchronized @Nullable String reason(OutboundFrame frame) {
        if (!holds(frame)) {
            return null;
        }
        Count count = count(frame.destination());
        if (count.kept == count.actual) {
            return frame.destination() + " has its " + count.actual + " partitions in other places (" + count.now()
                    + ") than those that its keys are placed over (" + count.before()
                    + "), and the change is not accepted: call MessagingClient.acceptPartitions(\""
                    + frame.destination()
                    + "\", " + count.actual + ")";
        }
        return frame.destination() + " has " + count.actual + " partitions, its keys are placed over " + count.kept
                + ", and the change is not accepted: set PublisherOptions.partitions(" + count.actual
                + ") or call MessagingClient.acceptPartitions(\"" + frame.destination() + "\", " + count.actual + ")";
    }

    private void look() {
        anyHeld = counts.values().stream().anyMatch(count -> count.held);
        anyChanging = counts.values().stream().anyMatch(count -> count.changing);
    }

    private Count count(String destination) {
        return counts.computeIfAbsent(destination, any -> new Count());
    }

    /** Each number is 0 while it is not known. */
    private static final class Count {
        /** Keys are placed over so many. */
        private volatile int kept;
        /** Where they are; null while that is not known, and on brokers that move none. */
        private @Nullable String keptPlaces;
        /** The broker has so many. */
        private int actual;

        private @Nullable String actualPlaces;
        /** The next one that may be kept. */
        private int accepted;
        /** Counts if the number stays. */
        private @Nullable String acceptedPlaces;
        /** Keyed messages wait. */
        private boolean held;
        /** What the broker has is accepted and waits for those on their way. */
        private boolean changing;
        /** An event has reported a change that is neither accepted nor taken back. */
        private boolean toldOf;

        private boolean isKept(int number, @Nullable String places) {
            return kept == number && Objects.equals(keptPlaces, places);
        }

        private void accept(int number, @Nullable String places) {
            if (kept == 0) {
                kept = number;
            } else {
                accepted = isKept(number, places) ? 0 : number;
                acceptedPlaces = places;
            }
        }

        private boolean isAccepted() {
            return accepted == actual && (accepted != kept || Objects.equals(acceptedPlaces, actualPlaces));
        }

        private String before() {
            return String.valueOf(keptPlaces);
        }

        private String now() {
            return String.valueOf(actualPlaces);
        }
    }
}
