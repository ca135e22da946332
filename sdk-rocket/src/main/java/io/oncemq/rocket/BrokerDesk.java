package io.oncemq.rocket;

import io.oncemq.rocket.StartPositions.Start;
import io.oncemq.spi.Acknowledgement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a source asks of one broker: locks, positions, commits. One request after another, so that a lock that was just given back is not
 * taken again by a renewal on its way, and a broker that does not answer holds up nothing of the others. Thread-safe; blocks.
 */
final class BrokerDesk {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerDesk.class);

    /**
     * @param wanted to be locked, beside what is locked already
     * @param unpositioned of those locked, to find the position of
     * @param due to be committed
     * @param all the topic's queues in their order
     */
    record Request(
            Set<MessageQueue> wanted,
            Set<OwnedQueue> unpositioned,
            Map<OwnedQueue, Long> due,
            List<MessageQueue> all) {}

    /**
     * @param asked which locks were asked for
     * @param sentAt before the request was sent: the locks live from then on at the least
     * @param trouble the last thing that failed; what was not reached is asked again
     */
    record Answer(
            Set<MessageQueue> asked,
            Set<MessageQueue> locked,
            long sentAt,
            Map<OwnedQueue, Start> starts,
            @Nullable RuntimeException trouble) {}

    private final String broker;
    private final QueueLocks locks;
    private final Offsets offsets;
    private final StartPositions positions;
    private final String group;
    private final Set<MessageQueue> held = new HashSet<>();

    BrokerDesk(String broker, QueueLocks locks, Offsets offsets, StartPositions positions, String group) {
        this.broker = broker;
        this.locks = locks;
        this.offsets = offsets;
        this.positions = positions;
        this.group = group;
    }

    synchronized Answer tend(Request request) {
        Set<MessageQueue> asked = new HashSet<>(held);
        asked.addAll(request.wanted());
        long sentAt = System.nanoTime();
        Set<MessageQueue> locked;
        try {
            locked = asked.isEmpty() ? Set.of() : locks.take(broker, asked);
        } catch (RuntimeException e) {
            return new Answer(Set.of(), Set.of(), sentAt, Map.of(), e);
        }
        held.clear();
        held.addAll(locked);
        Map<OwnedQueue, Start> starts = new HashMap<>();
        RuntimeException trouble = null;
        try {
            commit(request.due());
            for (OwnedQueue each : request.unpositioned()) {
                if (locked.contains(each.queue)) {
                    starts.put(each, positions.of(each.queue, request.all(), each.loss != null));
                }
            }
        } catch (RuntimeException e) {
            trouble = e;
        }
        return new Answer(asked, locked, sentAt, starts, trouble);
    }

    private void commit(Map<OwnedQueue, Long> due) {
        due.forEach((queue, offset) -> {
            if (held.contains(queue.queue)) {
                offsets.commit(group, queue.queue, offset);
                queue.committed(offset);
            }
        });
    }

    /** Commits what was settled at the end, and only then lets others have the queues. Whatever fails, the locks expire by themselves. */
    synchronized void release(List<OwnedQueue> leaving, List<Acknowledgement> settled) {
        Set<MessageQueue> queues = leaving.stream().map(each -> each.queue).collect(Collectors.toSet());
        try {
            Map<OwnedQueue, Long> due = new HashMap<>();
            for (OwnedQueue each : leaving) {
                settled.stream()
                        .filter(acknowledgement -> acknowledgement.shard().equals(each.shard))
                        .forEach(each::acknowledge);
                if (each.due() >= 0) {
                    due.put(each, each.due());
                }
            }
            commit(due);
        } catch (RuntimeException e) {
            LOG.warn(
                    "offsets of revoked queues are not committed; some messages are repeated: group={} queues={} cause={}",
                    group,
                    names(leaving),
                    e.toString());
        } finally {
            held.removeAll(queues);
            unlock(queues);
        }
    }

    /** Gives back what nobody here has asked for any more. */
    synchronized void giveBack(Set<MessageQueue> queues) {
        held.removeAll(queues);
        unlock(queues);
    }

    private void unlock(Set<MessageQueue> queues) {
        try {
            locks.release(broker, queues);
        } catch (RuntimeException e) {
            LOG.warn(
                    "locks are not given back; the queues wait until they expire: queues={} cause={}",
                    queues,
                    e.toString());
        }
    }

    private static List<String> names(List<OwnedQueue> queues) {
        List<String> names = new ArrayList<>();
        queues.forEach(each -> names.add(each.shard.name()));
        return names;
    }
}
