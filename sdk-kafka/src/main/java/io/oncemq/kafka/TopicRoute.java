package io.oncemq.kafka;

import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * One session's way to one topic. The first send finds out how many partitions there are, and the session keeps that number,
 * so that a key never changes its partition within a session; meanwhile sends wait here, in order.
 */
final class TopicRoute {
    /** A frame that waits. */
    record Held(OutboundFrame frame, Object context) {}

    /** For how long a leader may be missing before the session is given up; other topics go on meanwhile. */
    static final Duration LEADER_DEADLINE = Duration.ofSeconds(5);

    static final Duration ASK_DEADLINE = Duration.ofSeconds(2);

    private final String topic;
    private final KafkaPublishSession session;
    private final Topics topics;
    private final Deque<Held> held = new ArrayDeque<>();
    private final AtomicInteger openLanes = new AtomicInteger();
    private boolean asking;
    private volatile int partitions;
    private volatile PartitionLane @Nullable [] lanes;
    private volatile boolean allOpen;
    private int turn;

    TopicRoute(String topic, KafkaPublishSession session, Topics topics) {
        this.topic = topic;
        this.session = session;
        this.topics = topics;
    }

    String topic() {
        return topic;
    }

    String shard(int partition) {
        PartitionLane[] known = lanes;
        return known != null && partition < known.length ? known[partition].shard() : topic + "-" + partition;
    }

    void send(OutboundFrame frame, Object context) {
        PartitionLane[] known = lanes;
        if (known == null) {
            known = hold(frame, context);
        }
        if (known != null) {
            place(known, frame, context);
        }
    }

    /** Keeps it until the partitions are known; returns them if they are by now. */
    private synchronized PartitionLane @Nullable [] hold(OutboundFrame frame, Object context) {
        if (lanes == null) {
            if (session.isOver()) {
                session.refuse(context);
                return null;
            }
            held.add(new Held(frame, context));
            if (!asking) {
                asking = true;
                session.open(this::ask);
            }
        }
        return lanes;
    }

    private void place(PartitionLane[] lanes, OutboundFrame frame, Object context) {
        if (frame.key() != null) {
            lanes[KeyHash.place(frame.keyHash(), lanes.length)].send(frame, context);
        } else if (allOpen) {
            session.append(KafkaRecords.outbound(frame, null), this, null, context);
        } else {
            turn = (turn + 1) % lanes.length;
            lanes[turn].send(frame, context);
        }
    }

    private void ask() {
        long deadline = System.nanoTime() + KafkaSettings.MAX_BLOCK.toNanos();
        try {
            TopicDescription description = topics.describe(topic, ASK_DEADLINE);
            while (description == null && System.nanoTime() - deadline < 0 && !session.isOver()) {
                Pauses.shortly();
                description = topics.describe(topic, ASK_DEADLINE);
            }
            if (description == null) {
                unroutable();
            } else {
                release(description.partitions().size());
            }
        } catch (RuntimeException e) {
            Reason reason = KafkaErrors.refusal(e);
            if (reason == null) {
                session.fail(e);
            } else {
                rejectAll(reason, e);
            }
        }
    }

    private void unroutable() {
        rejectAll(Reason.UNROUTABLE, new UnknownTopicOrPartitionException("there is no topic " + topic));
    }

    private void rejectAll(Reason reason, Throwable cause) {
        Held next = pollOrForget();
        while (next != null) {
            session.rejected(next.context(), reason, cause);
            next = pollOrForget();
        }
    }

    private synchronized @Nullable Held pollOrForget() {
        Held next = held.poll();
        if (next == null) {
            asking = false;
        }
        return next;
    }

    private void release(int count) {
        partitions = count;
        BitSet leaders = topics.leaders(topic, count, ASK_DEADLINE);
        PartitionLane[] opened = new PartitionLane[count];
        for (int p = 0; p < count; p++) {
            opened[p] = new PartitionLane(p, this, session, topics, leaders.get(p));
        }
        Held next = pollOrPublish(opened);
        while (next != null) {
            place(opened, next.frame(), next.context());
            next = pollOrPublish(opened);
        }
    }

    private synchronized @Nullable Held pollOrPublish(PartitionLane[] opened) {
        Held next = held.poll();
        if (next == null) {
            lanes = opened;
        }
        return next;
    }

    void laneOpened() {
        if (openLanes.incrementAndGet() == partitions) {
            allOpen = true;
        }
    }

    /** The session is over: what waits was certainly not handed over. */
    void giveUp(Throwable cause) {
        Held next = pollOrForget();
        while (next != null) {
            session.notSent(next.context(), cause);
            next = pollOrForget();
        }
        PartitionLane[] known = lanes;
        if (known != null) {
            for (PartitionLane lane : known) {
                lane.giveUp(cause);
            }
        }
    }
}
