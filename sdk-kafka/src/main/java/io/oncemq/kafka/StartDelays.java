package io.oncemq.kafka;

import io.oncemq.ConnectionException;
import io.oncemq.MessagingEvent.SourceInterrupted;
import io.oncemq.MessagingEvent.SourceResumed;
import io.oncemq.spi.SourceListener;
import io.oncemq.spi.SourceSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reports partitions whose start position stays unknown: they wait, paused, and nothing else shows it. One event per partition and delay, and one
 * when it is over; none for a partition that another member owns by then. Belongs to the poll thread.
 */
final class StartDelays {
    /** A leader or a coordinator that has just moved is found within this time. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private static final class Delay {
        private final long since;
        private boolean told;

        private Delay(long since) {
            this.since = since;
        }
    }

    private final SourceSpec spec;
    private final SourceListener listener;
    private final LongSupplier ticker;
    private final Map<TopicPartition, Delay> delays = new HashMap<>();

    /** @param ticker nanoseconds, such as {@code System::nanoTime} */
    StartDelays(SourceSpec spec, SourceListener listener, LongSupplier ticker) {
        this.spec = spec;
        this.listener = listener;
        this.ticker = ticker;
    }

    /**
     * A question has left these partitions without a position.
     *
     * @param cause what the question failed with, or null if the leaders of the partitions did not answer
     * @param retryIn when they are asked for again
     */
    void unanswered(Collection<OwnedPartition> partitions, @Nullable Throwable cause, Duration retryIn) {
        long now = ticker.getAsLong();
        for (OwnedPartition each : partitions) {
            Delay delay = delays.computeIfAbsent(each.partition, fresh -> new Delay(now));
            if (!delay.told && now - delay.since >= GRACE.toNanos()) {
                delay.told = true;
                listener.onEvent(new SourceInterrupted(
                        spec.destination(), spec.group(), each.shard.name(), error(each, cause), retryIn));
            }
        }
    }

    private ConnectionException error(OwnedPartition partition, @Nullable Throwable cause) {
        String why = cause == null ? "its leader does not answer" : cause.toString();
        String remedy = cause instanceof OtherGroupBusyException || cause instanceof OtherGroupAheadException
                ? ""
                : ". Check the broker that leads the partition, and the one that coordinates the group";
        return new ConnectionException(
                "the start position of partition " + partition.shard.name() + " is not known to group " + spec.group()
                        + "; its messages wait: " + why + remedy,
                cause);
    }

    /** Forgets partitions that have a position or another owner by now. */
    void settle(Collection<OwnedPartition> owned) {
        Map<TopicPartition, OwnedPartition> here = new HashMap<>();
        owned.forEach(each -> here.put(each.partition, each));
        delays.entrySet().removeIf(each -> isOver(here.get(each.getKey()), each.getValue()));
    }

    private boolean isOver(@Nullable OwnedPartition owned, Delay delay) {
        if (owned == null) {
            return true;
        }
        if (owned.isPositioned() && delay.told) {
            Duration outage = Duration.ofNanos(ticker.getAsLong() - delay.since);
            listener.onEvent(new SourceResumed(spec.destination(), spec.group(), owned.shard.name(), outage));
        }
        return owned.isPositioned();
    }
}
