package io.oncemq.rocket;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * Where a replay ends: behind what each queue held when this member began. It is reached when the group's positions at the brokers say so,
 * for then all of it is settled, whichever member did it. {@link #find} and {@link #isReached} block; thread-safe.
 */
final class ReplayEnd {
    private final Offsets offsets;
    private final Dispatch dispatch;
    private final String group;
    private volatile @Nullable Map<MessageQueue, Long> ends;

    ReplayEnd(Offsets offsets, Dispatch dispatch, String group) {
        this.offsets = offsets;
        this.dispatch = dispatch;
        this.group = group;
    }

    /** What was confirmed before belongs to the replay, though the broker may still have to put it into its queue. */
    void find(List<MessageQueue> queues) {
        if (ends == null && !queues.isEmpty()) {
            queues.stream().map(MessageQueue::getBrokerName).distinct().forEach(dispatch::await);
            Map<MessageQueue, Long> found = new HashMap<>();
            queues.forEach(each -> found.put(each, offsets.end(each)));
            ends = Map.copyOf(found);
        }
    }

    /** A queue that was added later held nothing. */
    long of(MessageQueue queue) {
        Map<MessageQueue, Long> known = ends;
        return known == null ? 0 : known.getOrDefault(queue, 0L);
    }

    boolean isKnown() {
        return ends != null;
    }

    static boolean isRead(Collection<OwnedQueue> owned) {
        return owned.stream().allMatch(OwnedQueue::isAtEnd);
    }

    /** Whether everything up to the end is settled. */
    boolean isReached() {
        Map<MessageQueue, Long> known = ends;
        return known != null
                && known.entrySet().stream().allMatch(end -> {
                    OptionalLong stored = offsets.stored(group, end.getKey());
                    return stored.isPresent() && stored.getAsLong() >= end.getValue();
                });
    }
}
