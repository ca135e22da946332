package io.oncemq.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what is settled: asynchronously one request at a time while running, synchronously before partitions go. Belongs
 * to the poll thread. A failed commit is not repeated as such: the next one carries newer offsets.
 *
 * <p>K6: after a long time without a poll nothing is committed before the next one, which tells of a loss. The client sends a commit of a
 * member that has left as one of no member (KIP-848), and the broker takes that for any group that is empty.
 */
final class OffsetCommits {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetCommits.class);
    /** A wake-up of the source that came too late for its poll ends a commit instead, and is used up by that. */
    private static final int MOST_WAKE_UPS = 3;

    private final Consumers consumers;
    private final long interval;
    private final long trust;
    private final LongSupplier clock;
    private boolean underWay;
    private boolean failing;
    private @Nullable KafkaException refusal;
    private long last;
    private long polled;

    /**
     * @param trust for how long after the start of a poll its result says which partitions are owned
     * @param clock nanoseconds
     */
    OffsetCommits(Consumers consumers, Duration interval, Duration trust, LongSupplier clock) {
        this.consumers = consumers;
        this.interval = interval.toNanos();
        this.trust = trust.toNanos();
        this.clock = clock;
        this.polled = clock.getAsLong();
        this.last = polled - this.interval;
    }

    /** A poll has ended that began then: what was lost before is not owned any more. */
    void polledAt(long nanos) {
        polled = nanos;
    }

    /** Whether the group may have given the member up, and no poll has told of it yet. */
    boolean isStale() {
        return clock.getAsLong() - polled >= trust;
    }

    /** Another consumer is open, which knows nothing of a commit under way. */
    void reset() {
        underWay = false;
        refusal = null;
        polled = clock.getAsLong();
    }

    /**
     * Commits what is due, if it is time, or if a partition waits for it.
     *
     * @throws KafkaException why the last commit was refused, once: the classic protocol tells a refused group in no other way
     */
    void later(Collection<OwnedPartition> partitions) {
        KafkaException refused = refusal;
        if (refused != null) {
            refusal = null;
            throw refused;
        }
        boolean urgent = !failing && partitions.stream().anyMatch(OwnedPartition::isStartUncommitted);
        if (underWay || isStale() || !urgent && clock.getAsLong() - last < interval) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        List<OwnedPartition> owners = due(partitions, due);
        if (!due.isEmpty()) {
            underWay = true;
            last = clock.getAsLong();
            consumers.get().commitAsync(due, (offsets, error) -> ended(owners, offsets, error));
        }
    }

    private void ended(
            List<OwnedPartition> owners, Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception error) {
        underWay = false;
        if (error == null) {
            failing = false;
            committed(owners, offsets);
        } else {
            noteFailure(error);
        }
    }

    private void noteFailure(Exception error) {
        if (error instanceof KafkaException refused && AccessErrors.isRefusal(error)) {
            refusal = refused;
        }
        if (!failing) {
            failing = true;
            LOG.warn("offsets are not committed; trying again: cause={}", error.toString());
        }
    }

    /** Blocks until the broker has taken what is due. Throws the client's exceptions. */
    void now(Collection<OwnedPartition> partitions, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        List<OwnedPartition> owners = due(partitions, due);
        if (!due.isEmpty()) {
            commit(due, timeout);
            committed(owners, due);
        }
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> due, Duration timeout) {
        for (int wakeUps = 0; wakeUps < MOST_WAKE_UPS; wakeUps++) {
            try {
                consumers.get().commitSync(due, timeout);
                return;
            } catch (WakeupException e) {
                LOG.debug("a commit was woken");
            }
        }
        throw new TimeoutException("a commit was woken " + MOST_WAKE_UPS + " times");
    }

    private List<OwnedPartition> due(
            Collection<OwnedPartition> partitions, Map<TopicPartition, OffsetAndMetadata> due) {
        List<OwnedPartition> owners = new ArrayList<>();
        for (OwnedPartition each : partitions) {
            OffsetAndMetadata offset = each.due();
            if (offset != null) {
                owners.add(each);
                due.put(each.partition, offset);
            }
        }
        return owners;
    }

    private static void committed(List<OwnedPartition> owners, Map<TopicPartition, OffsetAndMetadata> offsets) {
        for (OwnedPartition each : owners) {
            OffsetAndMetadata offset = offsets.get(each.partition);
            if (offset != null) {
                each.committed(offset.offset());
            }
        }
    }
}
