package io.oncemq.kafka;

import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.Leftover;
import io.oncemq.spi.OutboundFrame;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
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

    /** The partitions of one look-up. Only one thread at a time sends to them: an opener until they are published, then the engine's. */
    private static final class Lanes {
        final PartitionLane[] all;

        /** Whether keys may be placed over them. */
        final boolean keyed;

        private int turn;
        private int turnBytes;

        Lanes(PartitionLane[] all, boolean keyed) {
            this.all = all;
            this.keyed = keyed;
        }

        /** One open lane after the other, each for a batch; while lanes open, each for one message. */
        PartitionLane next(int bytes) {
            turnBytes += bytes;
            if (turnBytes > TURN_BYTES || !all[turn].isOpen()) {
                turnBytes = bytes;
                turn = (turn + 1) % all.length;
                for (int tried = 1; tried < all.length && !all[turn].mayTake(); tried++) {
                    turn = (turn + 1) % all.length;
                }
            }
            return all[turn];
        }
    }

    static final Duration ASK_DEADLINE = Duration.ofSeconds(2);

    /** What goes to one partition before the next one's turn, where keys do not decide: about a batch. */
    private static final int TURN_BYTES = 16 << 10;

    private static final PartitionLane[] NONE = {};

    private final String topic;
    private final KafkaPublishSession session;
    private final TopicView topics;
    private final Waiting held = new Waiting();
    private PartitionLane[] before = NONE;
    private boolean asking;
    private volatile @Nullable Lanes lanes;
    private @Nullable Uuid topicId;

    TopicRoute(String topic, KafkaPublishSession session, TopicView topics) {
        this.topic = topic;
        this.session = session;
        this.topics = topics;
    }

    String topic() {
        return topic;
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
            place(known, frame, context, false);
        }
    }

    /** Keeps it until the partitions are known; returns them if they are by now. */
    private synchronized @Nullable Lanes hold(OutboundFrame frame, Object context) {
        if (lanes == null) {
            if (session.isOver()) {
                session.refuse(context);
                return null;
            }
            held.add(frame, context);
            if (!asking) {
                asking = true;
                session.open(this::ask);
            }
        }
        return lanes;
    }

    private void place(Lanes lanes, OutboundFrame frame, Object context, boolean careful) {
        PartitionLane[] all = lanes.all;
        if (frame.key() != null && !lanes.keyed) {
            session.notSent(
                    context,
                    new InvalidPartitionsException("the number of partitions of " + topic
                            + " has changed; keyed messages wait until it is accepted"));
        } else if (frame.key() != null) {
            all[KeyHash.place(frame.keyHash(), all.length)].send(frame, context, careful);
        } else {
            lanes.next(frame.size()).send(frame, context, false);
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
        if (known != null && differs(count) && reopen(known)) {
            ask();
        }
    }

    /**
     * The producer does not find the topic's partitions, or has no room: it is asked again what there is, before the next send. What
     * waits in the lanes stays ahead of it. On the thread that sends.
     */
    void lookAgain() {
        Lanes known = lanes;
        if (known != null && reopen(known)) {
            session.open(this::ask);
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
        if (session.isOver()) {
            return;
        }
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
                found(description);
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

    /** Records of the old topic may still wait, and the broker knows no sequence of the new one: both need a new producer. */
    private void found(TopicDescription description) {
        Uuid id = description.topicId();
        if (topicId != null && !topicId.equals(id)) {
            throw new UnknownTopicIdException("topic " + topic + " was recreated");
        }
        topicId = id;
        release(description.partitions().size());
    }

    private void unroutable() {
        rejectAll(Reason.UNROUTABLE, new UnknownTopicOrPartitionException("unknown topic " + topic));
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
                all[p] = new PartitionLane(p, this, session, leaders.get(p));
            }
        }
        Lanes opened = new Lanes(all, keyed);
        if (!keyed) {
            takeKeyed().forEach(each -> place(opened, each.frame(), each.context(), true));
        }
        Held next = pollOrPublish(opened);
        while (next != null) {
            // The engine hears of a refusal on this thread too late to keep back the next one of its key, which waits
            // here.
            place(opened, next.frame(), next.context(), true);
            next = pollOrPublish(opened);
        }
    }

    /** The last one first: an engine that gets a message back while a later one of its key is out gives the session up. */
    private synchronized List<Held> takeKeyed() {
        return held.takeKeyed();
    }

    private synchronized @Nullable Held pollOrPublish(Lanes opened) {
        Held next = held.poll();
        if (next == null) {
            asking = false;
            lanes = opened;
        }
        return next;
    }

    /** Every second or so. @return partitions of which it must be known whether their leader answers */
    List<PartitionLane> look() {
        return Arrays.stream(lanes()).filter(PartitionLane::look).toList();
    }

    /** See {@link io.oncemq.spi.PublishSession#abandon}. */
    Leftover abandon(OutboundFrame frame, Object context) {
        if (withdraw(context)) {
            return Leftover.withdrawn(null);
        }
        PartitionLane[] all = lanes();
        if (frame.key() != null && all.length > 0) {
            all = new PartitionLane[] {all[KeyHash.place(frame.keyHash(), all.length)]};
        }
        Leftover left = Leftover.STUCK;
        for (PartitionLane lane : all) {
            if (lane.withdraw(context)) {
                return Leftover.withdrawn(lane.trouble());
            }
            if (lane.isHeldAlone()) {
                left = Leftover.shardHeld(lane.trouble());
            }
        }
        return left;
    }

    private synchronized boolean withdraw(Object context) {
        return held.remove(context);
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
