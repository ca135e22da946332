package io.oncemq.kafka;

import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.OutboundFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * One session's way to one topic. The first send finds out how many partitions there are and tells the engine, which says
 * whether keys may be placed over so many (K13); meanwhile sends wait here, in order. When the number changes the same
 * happens again. Until then keys are placed over the number that the engine was told, whatever the producer has heard.
 */
final class TopicRoute {
    /** A frame that waits. */
    record Held(OutboundFrame frame, Object context) {}

    /** @param keyed whether keys may be placed over them */
    private record Lanes(PartitionLane[] all, boolean keyed) {}

    /** For how long a leader may be missing before the session is given up; other topics go on meanwhile. */
    static final Duration LEADER_DEADLINE = Duration.ofSeconds(5);

    static final Duration ASK_DEADLINE = Duration.ofSeconds(2);

    private static final PartitionLane[] NONE = {};

    private final String topic;
    private final KafkaPublishSession session;
    private final Topics topics;
    private final Deque<Held> held = new ArrayDeque<>();
    private PartitionLane[] before = NONE;
    private boolean asking;
    private int partitions;
    private int openLanes;
    private volatile @Nullable Lanes lanes;
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
        Lanes known = lanes;
        return known != null && partition < known.all.length ? known.all[partition].shard() : topic + "-" + partition;
    }

    /** Whether keyed messages wait for the engine to accept what it was told. */
    boolean isRefused() {
        Lanes known = lanes;
        return known != null && !known.keyed;
    }

    void send(OutboundFrame frame, Object context) {
        Lanes known = lanes;
        if (known == null) {
            known = hold(frame, context);
        }
        if (known != null) {
            place(known, frame, context);
        }
    }

    /** Keeps it until the partitions are known; returns them if they are by now. */
    private synchronized @Nullable Lanes hold(OutboundFrame frame, Object context) {
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

    private void place(Lanes lanes, OutboundFrame frame, Object context) {
        PartitionLane[] all = lanes.all;
        if (frame.key() != null && !lanes.keyed) {
            session.notSent(context, new InvalidPartitionsException("the keys of " + topic + " would move"));
        } else if (frame.key() != null) {
            all[KeyHash.place(frame.keyHash(), all.length)].send(frame, context);
        } else if (allOpen) {
            session.append(KafkaRecords.outbound(frame, null), this, null, context);
        } else {
            turn = (turn + 1) % all.length;
            all[turn].send(frame, context);
        }
    }

    /** Whether the engine does not know, or did not accept, that there are so many partitions. */
    boolean differs(int count) {
        Lanes known = lanes;
        return known != null && !(known.keyed && known.all.length == count);
    }

    /** The topic has so many partitions now. On an opener. */
    void seen(int count) {
        Lanes known = lanes;
        if (known == null || !differs(count) || !reopen(known)) {
            return;
        }
        try {
            release(count);
        } catch (RuntimeException e) {
            session.fail(e);
        }
    }

    /** Sends wait again from now on. */
    private synchronized boolean reopen(Lanes known) {
        if (lanes != known || session.isOver()) {
            return false;
        }
        before = known.all;
        asking = true;
        lanes = null;
        return true;
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
        boolean keyed = session.tell(topic, count);
        PartitionLane[] all = Arrays.copyOf(before, count);
        if (count > before.length) {
            BitSet leaders = topics.leaders(topic, count, ASK_DEADLINE);
            for (int p = before.length; p < count; p++) {
                all[p] = new PartitionLane(p, this, session, topics, leaders.get(p));
            }
        }
        Lanes opened = new Lanes(all, keyed);
        expect(count);
        if (!keyed) {
            takeKeyed().forEach(each -> place(opened, each.frame(), each.context()));
        }
        Held next = pollOrPublish(opened);
        while (next != null) {
            place(opened, next.frame(), next.context());
            next = pollOrPublish(opened);
        }
    }

    /** The last one first: an engine that gets a message back while a later one of its key is out gives the session up. */
    private synchronized List<Held> takeKeyed() {
        List<Held> keyed = new ArrayList<>();
        for (Iterator<Held> all = held.descendingIterator(); all.hasNext(); ) {
            Held each = all.next();
            if (each.frame().key() != null) {
                keyed.add(each);
                all.remove();
            }
        }
        return keyed;
    }

    private synchronized void expect(int count) {
        partitions = count;
        allOpen = openLanes >= count;
    }

    private synchronized @Nullable Held pollOrPublish(Lanes opened) {
        Held next = held.poll();
        if (next == null) {
            asking = false;
            lanes = opened;
        }
        return next;
    }

    synchronized void laneOpened() {
        openLanes++;
        allOpen = openLanes >= partitions;
    }

    /** The session is over: what waits was certainly not handed over. */
    void giveUp(Throwable cause) {
        Held next = pollOrForget();
        while (next != null) {
            session.notSent(next.context(), cause);
            next = pollOrForget();
        }
        for (PartitionLane lane : lanes()) {
            lane.giveUp(cause);
        }
    }

    private synchronized PartitionLane[] lanes() {
        Lanes known = lanes;
        return known == null ? before : known.all;
    }
}
