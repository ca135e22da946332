package io.oncemq.rocket;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.rocketmq.common.message.MessageQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the members that a broker names are alive (S12): each of them keeps, beside the locks of its queues, the lock of a queue that does not
 * exist and bears the member's name. A broker grants the lock of a dead or frozen member to whoever asks for it, once it has expired. So the mark of
 * a dead member falls with the locks of its queues, while the broker may go on to list it for as long as it keeps silent connections.
 *
 * <p>A mark that is free once proves nothing, since a broker that restarts has no locks. A member counts as dead when its mark stayed free
 * for the time in which each living member takes it again, and as alive from the first look that finds the mark taken. An error here costs
 * no more than a handover: who reads a queue is decided by the lock of the queue alone. Blocks; one call at a time, but for
 * {@link #remove}.
 */
final class LifeMarks {
    private static final Logger LOG = LoggerFactory.getLogger(LifeMarks.class);

    private static final Duration LOOK = Duration.ofSeconds(5);
    /** Looks within the life of a lock. */
    private static final int LOOKS = 6;

    /** What a member may need for a look beside the pause between two: brokers that do not answer, a back-off. */
    private static final Duration LOOK_MARGIN = Duration.ofSeconds(5);

    private static final int TRIES = 3;
    private static final long TRY_PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    /** Takes and gives back locks at a broker. Blocks. */
    interface Locks {
        /** @return those that this member has now */
        Set<MessageQueue> take(String broker, Set<MessageQueue> queues);

        void release(String broker, Set<MessageQueue> queues);
    }

    private final Locks locks;
    private final String topic;
    private final String own;
    private final long deadNanos;
    private final LongSupplier ticker;
    /** Members whose mark is free, and since when. */
    private final Map<String, Long> freeSince = new HashMap<>();
    /** All others that were named, until their mark is known to be gone from the broker. */
    private final Set<String> seen = new HashSet<>();

    private volatile String broker = "";
    private long lookedAt;

    /** @param look the pause between two looks of each member */
    LifeMarks(Locks locks, String topic, String own, Duration look, LongSupplier ticker) {
        this.locks = locks;
        this.topic = topic;
        this.own = own;
        this.deadNanos = look.multipliedBy(2).plus(LOOK_MARGIN).toNanos();
        this.ticker = ticker;
    }

    /** How long members pause between two looks, where locks live for so long. */
    static Duration look(Duration lockExpiry) {
        Duration share = lockExpiry.dividedBy(LOOKS);
        return share.compareTo(LOOK) < 0 ? share : LOOK;
    }

    /** Those of the members that the broker lists that live, in the same order. Alone, it asks nothing. */
    List<String> living(String asked, List<String> listed) {
        listed.stream().filter(each -> !each.equals(own)).forEach(seen::add);
        if (!seen.isEmpty()) {
            try {
                look(asked, listed);
            } catch (RuntimeException e) {
                LOG.debug("living members cannot be determined: cause={}", e.toString());
            }
        }
        long now = ticker.getAsLong();
        return listed.stream().filter(each -> !isDead(each, now)).toList();
    }

    private boolean isDead(String id, long now) {
        Long since = freeSince.get(id);
        return since != null && now - since >= deadNanos;
    }

    private void look(String asked, List<String> listed) {
        long start = ticker.getAsLong();
        Set<String> free = free(asked);
        long now = ticker.getAsLong();
        if (!asked.equals(broker) || start - lookedAt > deadNanos) {
            // What was seen elsewhere, or before this member stood still, begins anew.
            freeSince.replaceAll((id, since) -> isDead(id, lookedAt) ? since : now);
        }
        broker = asked;
        lookedAt = now;
        freeSince.keySet().retainAll(free);
        free.forEach(id -> freeSince.putIfAbsent(id, now));
        seen.removeIf(id -> free.contains(id) && !listed.contains(id));
        freeSince.keySet().retainAll(listed);
    }

    /** Takes its own, and asks for those of all others. Another member may ask at the same instant, so a change is looked at again. */
    private Set<String> free(String asked) {
        Set<String> free = new HashSet<>();
        Set<String> open = new HashSet<>(seen);
        open.add(own);
        for (int tried = 0; tried < TRIES; tried++) {
            if (tried > 0) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(TRY_PAUSE_NANOS, 2 * TRY_PAUSE_NANOS));
            }
            Set<String> taken = take(asked, open);
            free.addAll(taken);
            open.removeAll(taken);
            open.removeIf(id -> !id.equals(own) && !freeSince.containsKey(id));
            if (open.isEmpty()) {
                break;
            }
        }
        free.remove(own);
        return free;
    }

    private Set<String> take(String asked, Set<String> ids) {
        Set<String> taken = new HashSet<>();
        locks.take(asked, marks(ids)).forEach(mark -> taken.add(mark.getBrokerName()));
        Set<String> others = new HashSet<>(taken);
        others.remove(own);
        if (!others.isEmpty()) {
            locks.release(asked, marks(others));
        }
        return taken;
    }

    /** Where this member leaves. */
    void remove() {
        String last = broker;
        if (!last.isEmpty()) {
            try {
                locks.release(last, marks(Set.of(own)));
            } catch (RuntimeException e) {
                LOG.debug("the mark of {} has to expire: {}", own, e.toString());
            }
        }
    }

    private Set<MessageQueue> marks(Collection<String> ids) {
        Set<MessageQueue> marks = new HashSet<>();
        ids.forEach(id -> marks.add(new MessageQueue(topic, id, 0)));
        return marks;
    }
}
