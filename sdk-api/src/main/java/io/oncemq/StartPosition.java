package io.oncemq;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The position at which a group without a position begins. A group that has a position continues there. Partitions
 * that are added later, and a destination that is created again, are read from their start. Immutable.
 */
public final class StartPosition {
    /** At the oldest message that the broker still has. The default: nothing is skipped. */
    public static final StartPosition EARLIEST = new StartPosition("EARLIEST", null);

    /** After the newest message at the time of the first start. */
    public static final StartPosition LATEST = new StartPosition("LATEST", null);

    private final String name;
    private final @Nullable Instant instant;

    private StartPosition(String name, @Nullable Instant instant) {
        this.name = name;
        this.instant = instant;
    }

    /**
     * At the first message of this time or later, in each partition by itself. The time is the one that the broker keeps with the
     * message, to the millisecond; on Kafka the producer's, unless the topic says {@code LogAppendTime}. Messages behind
     * the first are delivered though their time may be earlier. Where there is none, and with an instant in the future, the
     * group begins as at {@link #LATEST}.
     *
     * <p>With an idempotency store a subscription without a position refuses to start if the instant lies further back than
     * the store remembers.
     */
    public static StartPosition at(Instant instant) {
        return new StartPosition("at(" + Objects.requireNonNull(instant, "instant") + ")", instant);
    }

    /** Null for {@link #EARLIEST} and {@link #LATEST}. */
    public @Nullable Instant instant() {
        return instant;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StartPosition that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
