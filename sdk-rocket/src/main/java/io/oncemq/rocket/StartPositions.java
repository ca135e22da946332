package io.oncemq.rocket;

import io.oncemq.ConnectionException;
import io.oncemq.StartPosition;
import io.oncemq.spi.SourceSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * Where a queue is read from:
 *
 * <ul>
 *   <li>the group has a position: there, unless it is lost;
 *   <li>its position was lost, or the topic was created anew: at the oldest message;
 *   <li>no position, and the group starts at the earliest, or the queue was added after the group had started (M7): at the oldest message;
 *   <li>no position, and the group starts elsewhere: what its first member finds there is committed for every queue at once, under
 *       a lock, and for the first queue last; so a group has started if its first queue has a position.
 * </ul>
 *
 * What a broker did not answer throws, and is asked again. Thread-safe; blocks.
 */
final class StartPositions {
    /** @param known whether the broker has it stored for the group */
    record Start(long offset, boolean known) {}

    /** Stands for the topic among the group's locks. */
    private static final int NO_QUEUE = -1;

    private final Offsets offsets;
    private final QueueLocks locks;
    private final String group;
    private final StartPosition startAt;
    private final long opened = Clock.systemUTC().millis();

    StartPositions(Offsets offsets, QueueLocks locks, String group, SourceSpec spec) {
        this.offsets = offsets;
        this.locks = locks;
        this.group = group;
        this.startAt = spec.startAt();
    }

    /**
     * @param all the topic's queues in their order
     * @param lost whether what the broker has stored does not count
     */
    Start of(MessageQueue queue, List<MessageQueue> all, boolean lost) {
        if (lost) {
            return new Start(offsets.first(queue), false);
        }
        OptionalLong stored = offsets.stored(group, queue);
        if (stored.isPresent()) {
            return new Start(stored.getAsLong(), true);
        }
        if (startAt.equals(StartPosition.EARLIEST)) {
            return new Start(offsets.first(queue), false);
        }
        startGroup(all);
        OptionalLong begun = offsets.stored(group, queue);
        return begun.isPresent() ? new Start(begun.getAsLong(), true) : new Start(offsets.first(queue), false);
    }

    private void startGroup(List<MessageQueue> all) {
        MessageQueue first = all.get(0);
        Set<MessageQueue> topic = Set.of(new MessageQueue(first.getTopic(), first.getBrokerName(), NO_QUEUE));
        if (locks.take(first.getBrokerName(), topic).isEmpty()) {
            throw new ConnectionException("another member is just starting group " + group);
        }
        try {
            if (offsets.stored(group, first).isPresent()) {
                return;
            }
            for (int i = all.size() - 1; i >= 0; i--) {
                if (offsets.stored(group, all.get(i)).isEmpty()) {
                    offsets.commit(group, all.get(i), start(all.get(i)));
                }
            }
        } finally {
            locks.release(first.getBrokerName(), topic);
        }
    }

    /** By time, also for the latest: what came between the opening of the source and this question belongs to the group. */
    private long start(MessageQueue queue) {
        Instant instant = startAt.instant();
        if (instant == null || instant.isAfter(Instant.ofEpochMilli(opened))) {
            return offsets.since(queue, opened);
        }
        return offsets.since(queue, instant.isBefore(Instant.EPOCH) ? 0 : instant.toEpochMilli());
    }
}
