package io.oncemq.rocket;

import io.oncemq.rocket.BrokerDesk.Answer;
import io.oncemq.rocket.BrokerDesk.Request;
import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.Shard;
import io.oncemq.spi.SourceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * The queues that this member has, each under its lock and with an epoch of its own: locked first, then positioned, then announced; given away
 * only after a drain and a confirmed commit; lost when the lock was not renewed in time, or somebody else has it. Belongs to the
 * source's thread but for {@link #find}.
 */
final class Assignment {
    private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();
    private static final long COMMIT_NANOS = Duration.ofMillis(200).toNanos();
    /** Renewals within the life of a lock. */
    private static final int RENEWALS = 6;

    private static final class Broker {
        final String name;
        final BrokerDesk desk;
        boolean busy;
        long renewAt;
        long tryAt;
        long commitAt;

        Broker(String name, BrokerDesk desk, long now) {
            this.name = name;
            this.desk = desk;
            this.renewAt = now;
            this.tryAt = now;
            this.commitAt = now;
        }
    }

    private final SourceListener listener;
    private final Function<String, BrokerDesk> desks;
    private final Questions questions;
    private final BiConsumer<String, Throwable> trouble;
    private final long lockNanos;
    private final @Nullable ReplayEnd end;
    private final Map<String, Broker> brokers = new TreeMap<>();
    private final Map<MessageQueue, OwnedQueue> owned = new HashMap<>();
    private final Map<Shard, OwnedQueue> byShard = new ConcurrentHashMap<>();
    private List<MessageQueue> all = List.of();
    private Set<MessageQueue> wanted = Set.of();
    private long epochs;
    private int releases;
    private boolean outlocked;

    /** @param trouble told of requests to a broker that failed */
    Assignment(
            SourceListener listener,
            Function<String, BrokerDesk> desks,
            Questions questions,
            BiConsumer<String, Throwable> trouble,
            Duration lockExpiry,
            @Nullable ReplayEnd end) {
        this.listener = listener;
        this.desks = desks;
        this.questions = questions;
        this.trouble = trouble;
        this.lockNanos = lockExpiry.toNanos();
        this.end = end;
    }

    /** Thread-safe. Null if the shard is of an earlier epoch. */
    @Nullable
    OwnedQueue find(Shard shard) {
        return byShard.get(shard);
    }

    boolean owns(OwnedQueue queue) {
        return owned.get(queue.queue) == queue;
    }

    Collection<OwnedQueue> all() {
        return owned.values();
    }

    /** Whether a broker has answered that a queue is still another member's. */
    boolean wasOutlocked() {
        return outlocked;
    }

    boolean isReleasing() {
        return releases > 0;
    }

    /** What belongs to this member from now on; the rest goes. */
    void allocate(Membership.View view, long now) {
        all = view.queues();
        wanted = view.mine();
        for (MessageQueue each : wanted) {
            brokers.computeIfAbsent(each.getBrokerName(), name -> new Broker(name, desks.apply(name), now));
        }
        release(owned.values().stream()
                .filter(each -> !wanted.contains(each.queue))
                .toList());
    }

    /** For how many nanoseconds nothing will be due, as far as is known; 0 while something is under way that is not told of. */
    long restsFor(long now) {
        if (releases > 0 || !owned.keySet().containsAll(wanted)) {
            return 0;
        }
        long rest = lockNanos;
        for (OwnedQueue each : owned.values()) {
            if (!each.isAtRest()) {
                return 0;
            }
            rest = Math.min(rest, each.lockedUntil - now);
        }
        for (Broker each : brokers.values()) {
            rest = Math.min(rest, each.renewAt - now);
        }
        return rest;
    }

    /** Asks brokers for what is due. */
    void tend(long now) {
        for (OwnedQueue each : List.copyOf(owned.values())) {
            if (!each.leaving && now - each.lockedUntil > 0) {
                lose(each);
            }
        }
        brokers.forEach((name, broker) -> {
            if (!broker.busy) {
                Request request = request(name, broker, now);
                boolean trying =
                        !request.wanted().isEmpty() || !request.unpositioned().isEmpty();
                if (now - broker.renewAt >= 0
                        || trying && now - broker.tryAt >= 0
                        || !request.due().isEmpty() && now - broker.commitAt >= 0) {
                    ask(broker, request, now);
                }
            }
        });
    }

    private Request request(String name, Broker broker, long now) {
        Set<MessageQueue> missing = new HashSet<>();
        for (MessageQueue each : wanted) {
            if (each.getBrokerName().equals(name) && !owned.containsKey(each)) {
                missing.add(each);
            }
        }
        Set<OwnedQueue> unpositioned = new HashSet<>();
        Map<OwnedQueue, Long> due = new HashMap<>();
        for (OwnedQueue each : owned.values()) {
            if (each.leaving || !each.queue.getBrokerName().equals(name)) {
                continue;
            }
            if (!each.isPositioned()) {
                unpositioned.add(each);
            } else if (now - broker.commitAt >= 0 && each.due() >= 0) {
                due.put(each, each.due());
            }
        }
        return new Request(missing, unpositioned, due, all);
    }

    private void ask(Broker broker, Request request, long now) {
        broker.busy = true;
        broker.renewAt = now + lockNanos / RENEWALS;
        broker.tryAt = now + RETRY_NANOS;
        broker.commitAt = now + COMMIT_NANOS;
        questions.ask(
                () -> broker.desk.tend(request),
                answer -> {
                    broker.busy = false;
                    answered(broker, answer);
                },
                error -> {
                    broker.busy = false;
                    trouble.accept(broker.name, error);
                });
    }

    private void answered(Broker broker, Answer answer) {
        // The last part of its life is left to clocks that run apart.
        long until = answer.sentAt() + lockNanos - lockNanos / RENEWALS;
        Set<MessageQueue> unwanted = new HashSet<>();
        for (MessageQueue each : answer.asked()) {
            OwnedQueue known = owned.get(each);
            if (!answer.locked().contains(each)) {
                outlocked = true;
                if (known != null && !known.leaving) {
                    lose(known);
                }
            } else if (known != null) {
                known.lockedUntil = until;
            } else if (wanted.contains(each)) {
                take(each, until, null);
                broker.tryAt = answer.sentAt();
            } else {
                unwanted.add(each);
            }
        }
        if (!unwanted.isEmpty()) {
            giveBack(broker, unwanted);
        }
        announce(answer);
        RuntimeException failed = answer.trouble();
        if (failed != null) {
            trouble.accept(broker.name, failed);
        }
    }

    private void announce(Answer answer) {
        List<Shard> shards = new ArrayList<>();
        answer.starts().forEach((queue, start) -> {
            if (owns(queue) && !queue.isPositioned() && !queue.leaving) {
                queue.positioned(start.offset(), start.known(), answer.sentAt());
                byShard.put(queue.shard, queue);
                shards.add(queue.shard);
            }
        });
        if (!shards.isEmpty()) {
            listener.onAssigned(shards);
        }
    }

    private void take(MessageQueue queue, long lockedUntil, @Nullable String loss) {
        OwnedQueue taken = new OwnedQueue(queue, ++epochs, lockedUntil, loss);
        if (end != null) {
            taken.endsAt(end.of(queue));
        }
        owned.put(queue, taken);
    }

    /** Takes a queue anew: what is in flight belongs to another position. */
    void renew(OwnedQueue queue, @Nullable String loss) {
        lose(queue);
        take(queue.queue, queue.lockedUntil, loss);
    }

    /** Another one may have it. */
    private void lose(OwnedQueue queue) {
        owned.remove(queue.queue);
        if (byShard.remove(queue.shard) != null) {
            listener.onLost(List.of(queue.shard));
        }
    }

    /** A broker that restarts has forgotten locks, and some commits. */
    void distrust(String name, long now) {
        Broker broker = brokers.get(name);
        if (broker != null) {
            broker.renewAt = now;
        }
        for (OwnedQueue each : owned.values()) {
            if (each.queue.getBrokerName().equals(name)) {
                each.distrust();
            }
        }
    }

    /** Drains everything; what was asked for meanwhile is not taken. */
    void releaseAll() {
        wanted = Set.of();
        release(List.copyOf(owned.values()));
    }

    private void release(List<OwnedQueue> queues) {
        Map<String, List<OwnedQueue>> byBroker = queues.stream()
                .filter(each -> !each.leaving)
                .collect(Collectors.groupingBy(each -> each.queue.getBrokerName()));
        byBroker.forEach((name, leaving) -> {
            BrokerDesk desk = Objects.requireNonNull(brokers.get(name)).desk;
            leaving.forEach(each -> each.leaving = true);
            releases++;
            questions.ask(
                    () -> {
                        desk.release(leaving, drain(leaving));
                        return name;
                    },
                    done -> released(leaving),
                    error -> {
                        released(leaving);
                        trouble.accept(name, error);
                    });
        });
    }

    private List<Acknowledgement> drain(List<OwnedQueue> leaving) {
        List<Shard> shards = leaving.stream()
                .filter(OwnedQueue::isPositioned)
                .map(each -> each.shard)
                .toList();
        return shards.isEmpty() ? List.of() : listener.onRevoking(shards);
    }

    private void released(List<OwnedQueue> leaving) {
        releases--;
        for (OwnedQueue each : leaving) {
            owned.remove(each.queue, each);
            byShard.remove(each.shard);
        }
    }

    /** Locked for nothing: it is another member's by now. */
    private void giveBack(Broker broker, Set<MessageQueue> queues) {
        questions.ask(
                () -> {
                    broker.desk.giveBack(queues);
                    return true;
                },
                done -> {},
                error -> trouble.accept(broker.name, error));
    }
}
