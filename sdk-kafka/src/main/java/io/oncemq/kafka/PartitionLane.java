package io.oncemq.kafka;

import io.oncemq.kafka.TopicRoute.Held;
import io.oncemq.spi.OutboundFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.jspecify.annotations.Nullable;

/**
 * One session's way to one partition. Closed at first: the leader must answer, then one record is sent and confirmed, and
 * what came meanwhile follows in its order; then the lane is open for good. A broker takes the first batch of a new producer
 * id whatever its sequence, so if several were in flight and the first were refused by a leader that is not ready, a later
 * one would be stored ahead of it (KAFKA-15591).
 */
final class PartitionLane {
    private final int partition;
    private final String shard;
    private final TopicRoute route;
    private final KafkaPublishSession session;
    private final Topics topics;
    private final Deque<Held> waiting = new ArrayDeque<>();
    private boolean led;
    private boolean busy;
    private boolean firstUnderWay;
    private volatile boolean open;

    PartitionLane(int partition, TopicRoute route, KafkaPublishSession session, Topics topics, boolean led) {
        this.partition = partition;
        this.shard = route.topic() + "-" + partition;
        this.route = route;
        this.session = session;
        this.topics = topics;
        this.led = led;
    }

    String shard() {
        return shard;
    }

    void send(OutboundFrame frame, Object context) {
        if (open || !hold(new Held(frame, context))) {
            session.append(KafkaRecords.outbound(frame, partition), route, null, context);
        }
    }

    /** False if the lane is open by now, or its session over: the caller goes on by itself. */
    private synchronized boolean hold(Held frame) {
        if (open || session.isOver()) {
            return false;
        }
        waiting.add(frame);
        if (!busy) {
            busy = true;
            session.open(this::sendFirst);
        }
        return true;
    }

    private void sendFirst() {
        try {
            if (!awaitLeader()) {
                session.fail(new LeaderNotAvailableException("partition " + shard + " has no leader that answers"));
                return;
            }
        } catch (RuntimeException e) {
            session.fail(e);
            return;
        }
        Held first = takeFirst();
        if (first != null) {
            session.append(KafkaRecords.outbound(first.frame(), partition), route, this, first.context());
        }
    }

    private boolean awaitLeader() {
        long deadline = System.nanoTime() + TopicRoute.LEADER_DEADLINE.toNanos();
        while (!led && System.nanoTime() - deadline < 0 && !session.isOver()) {
            led = topics.isLed(route.topic(), partition, TopicRoute.ASK_DEADLINE);
        }
        return led;
    }

    private synchronized @Nullable Held takeFirst() {
        Held first = waiting.poll();
        firstUnderWay = first != null;
        busy = firstUnderWay;
        return first;
    }

    /** A record that came through this lane while it was closed is stored. */
    void confirmed() {
        if (firstIsBack()) {
            session.open(this::release);
        }
    }

    /** A record that came through this lane while it was closed is refused for good, and so proves nothing. */
    void refused() {
        if (firstIsBack()) {
            session.open(this::sendFirst);
        }
    }

    private synchronized boolean firstIsBack() {
        boolean back = firstUnderWay;
        firstUnderWay = false;
        return back;
    }

    private void release() {
        Held next = takeOrOpen();
        while (next != null) {
            session.append(KafkaRecords.outbound(next.frame(), partition), route, this, next.context());
            next = takeOrOpen();
        }
        if (open) {
            route.laneOpened();
        }
    }

    private synchronized @Nullable Held takeOrOpen() {
        Held next = waiting.poll();
        open = next == null && !session.isOver();
        return next;
    }

    /** The session is over: what waits was certainly not handed over. */
    void giveUp(Throwable cause) {
        Held next = take();
        while (next != null) {
            session.notSent(next.context(), cause);
            next = take();
        }
    }

    private synchronized @Nullable Held take() {
        return waiting.poll();
    }
}
