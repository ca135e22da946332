package io.oncemq.rabbit;

import io.oncemq.spi.support.SourceRecovery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A queue of the group as this member reads it, through one channel after another. Belongs to the source's thread. */
final class OwnedQueue {
    final String name;
    final SourceRecovery recovery;

    @Nullable
    ShardChannel channel;
    /** A channel is being opened. */
    boolean opening;
    /** It is being given back: what has begun is waited for, then the channel is closed. */
    boolean leaving;
    /** When to open the next channel, by the ticker. */
    long openAt;
    /** The broker does not know it any more, and that was told. */
    boolean missing;
    /** The last try to open it failed. */
    boolean troubled;
    /** A replay has read and settled all of it. */
    boolean over;
    /** How many messages of their size there is room for. */
    final Prefetch prefetch;
    /** Which of this member's shards came last. */
    long acquired;

    OwnedQueue(String name, SourceRecovery recovery, long now) {
        this.name = name;
        this.recovery = recovery;
        this.prefetch = new Prefetch(now);
        this.openAt = now;
    }

    /** Whether its messages come here and shall. */
    boolean isActive() {
        ShardChannel current = channel;
        return current != null && !leaving && current.isAssigned() && current.ended() == null;
    }

    /** Whether a channel is to be opened, now or later. */
    boolean isToOpen() {
        return channel == null && !opening && !leaving && !over;
    }

    boolean isAtEnd() {
        return !leaving && channel instanceof HistoryChannel replayed && replayed.isAtEnd();
    }

    boolean isUnsettledFor(Duration longest) {
        ShardChannel current = channel;
        return current != null && !leaving && current.unsettledFor().compareTo(longest) > 0;
    }

    /** A channel consumes it. */
    void opened(ShardChannel opened) {
        channel = opened;
        opening = false;
        missing = false;
        troubled = false;
    }

    /** Opens the next channel at this time. */
    void openAt(long time) {
        channel = null;
        opening = false;
        leaving = false;
        openAt = time;
    }
}
