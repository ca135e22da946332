package io.oncemq.rabbit;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A queue of the group as this member reads it, through one channel after another. Belongs to the source's thread. */
final class OwnedQueue {
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LAST = Duration.ofSeconds(5);
    private static final int MOST_DOUBLINGS = 7;

    final String name;

    @Nullable
    ShardChannel channel;
    /** A channel is being opened. */
    boolean opening;
    /** When to open the next channel, by the ticker. */
    long openAt;
    /** The broker does not know it any more, and that was told. */
    boolean missing;
    /** A replay has read and settled all of it. */
    boolean over;
    /** What messages of their size leave room for. */
    int mostPrefetch = Integer.MAX_VALUE;
    /** Which of this member's shards came last. */
    long acquired;

    private int failures;

    OwnedQueue(String name, long now) {
        this.name = name;
        this.openAt = now;
    }

    boolean isActive() {
        ShardChannel current = channel;
        return current != null && current.isAssigned() && current.ended() == null;
    }

    boolean isAtEnd() {
        return channel instanceof HistoryChannel replayed && replayed.isAtEnd();
    }

    boolean isUnsettledFor(Duration longest) {
        ShardChannel current = channel;
        return current != null && current.unsettledFor().compareTo(longest) > 0;
    }

    /** Messages come: what went wrong before is over. */
    void well() {
        failures = 0;
        missing = false;
    }

    /** Tries again later, and later still if that fails too. */
    void openLater(long now) {
        openAt(now + pause(failures++).toNanos());
    }

    /** Tries again at this time. */
    void openAt(long time) {
        channel = null;
        opening = false;
        openAt = time;
    }

    /** Doubles from 50 ms to 5 s, spread so that many members do not come back at once. */
    static Duration pause(int failures) {
        long nanos = Math.min(LAST.toNanos(), FIRST.toNanos() << Math.min(failures, MOST_DOUBLINGS));
        return Duration.ofNanos((long) (nanos * ThreadLocalRandom.current().nextDouble(0.7, 1.3)));
    }
}
