package io.oncemq.kafka;

import io.oncemq.kafka.TopicRoute.Held;
import io.oncemq.spi.OutboundFrame;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One session's way to one partition. Closed at first: the leader must answer, then one record is sent and confirmed, and
 * what came meanwhile follows in its order; then the lane is open. A broker takes the first batch of a new producer
 * id whatever its sequence, so if several were in flight and the first were refused by a leader that is not ready, a later
 * one would be stored ahead of it (KAFKA-15591).
 *
 * <p>A lane whose records are not answered for a while closes again, until one is: so a partition without a leader fills neither the
 * producer's buffer nor ends the session, and what waits here can be taken back.
 */
final class PartitionLane {
    /** What a closed lane waits for. */
    private enum Stage {
        NOTHING,
        LEADER,
        FIRST_ANSWER,
        RELEASE,
        ANY_ANSWER
    }

    /** Looks, about a second apart, without an answer before a lane closes. */
    private static final int PATIENCE = 2;

    /** Looks at which the leader answers questions, but no record, before it is not the leader that is missing. */
    private static final int POISONED = 10;

    /** Looks at which it answers questions after which its records should have been answered, too. */
    private static final int LEADER_BACK = 3;

    private final int partition;
    private final String shard;
    private final TopicRoute route;
    private final KafkaPublishSession session;
    private final Waiting waiting = new Waiting();
    private final AtomicLong handed = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private Stage stage = Stage.NOTHING;
    private boolean led;
    private volatile boolean open;
    private long answeredBefore;
    private long othersBefore;
    private int silent;
    private int leaderAnswers;

    PartitionLane(int partition, TopicRoute route, KafkaPublishSession session, boolean led) {
        this.partition = partition;
        this.shard = route.topic() + "-" + partition;
        this.route = route;
        this.session = session;
        this.led = led;
    }

    String shard() {
        return shard;
    }

    TopicPartition place() {
        return new TopicPartition(route.topic(), partition);
    }

    boolean isOpen() {
        return open;
    }

    /** Whether what has no key may go here: not while the partition gives no answer. */
    synchronized boolean mayTake() {
        return open || led && silent < PATIENCE;
    }

    /** @param careful whether later ones of its key may be handed over before anybody hears that this one was not */
    void send(OutboundFrame frame, Object context, boolean careful) {
        if (open || !hold(frame, context)) {
            append(frame, context, careful);
        }
    }

    private void append(OutboundFrame frame, Object context, boolean careful) {
        handed.incrementAndGet();
        session.append(KafkaRecords.outbound(frame, partition), route, this, careful, context);
    }

    /** False if the lane is open by now, or its session over: the caller goes on by itself. */
    private synchronized boolean hold(OutboundFrame frame, Object context) {
        if (open || session.isOver()) {
            return false;
        }
        waiting.add(frame, context);
        if (stage == Stage.NOTHING) {
            stage = Stage.LEADER;
            if (led) {
                session.open(this::sendFirst);
            }
        }
        return true;
    }

    private void sendFirst() {
        Held first = takeFirst();
        if (first != null) {
            append(first.frame(), first.context(), true);
        }
    }

    private synchronized @Nullable Held takeFirst() {
        Held first = waiting.poll();
        stage = first == null ? Stage.NOTHING : Stage.FIRST_ANSWER;
        return first;
    }

    /** The broker has answered a record, or it never reached the producer. */
    void answered() {
        answered.incrementAndGet();
    }

    /** The broker has stored a record. */
    void confirmed() {
        answered();
        if (!open && mayRelease()) {
            session.open(this::release);
        }
    }

    /** The broker has refused a record for good. That proves nothing of a leader which has stored none yet. */
    void refused() {
        answered();
        if (open) {
            return;
        }
        if (triesNext()) {
            session.open(this::sendFirst);
        } else if (mayRelease()) {
            session.open(this::release);
        }
    }

    private synchronized boolean triesNext() {
        boolean next = stage == Stage.FIRST_ANSWER;
        if (next) {
            stage = Stage.LEADER;
        }
        return next;
    }

    private synchronized boolean mayRelease() {
        boolean release = stage == Stage.FIRST_ANSWER || stage == Stage.ANY_ANSWER;
        if (release) {
            stage = Stage.RELEASE;
        }
        return release;
    }

    private void release() {
        Held next = takeOrOpen();
        while (next != null) {
            append(next.frame(), next.context(), true);
            next = takeOrOpen();
        }
    }

    private synchronized @Nullable Held takeOrOpen() {
        Held next = waiting.poll();
        if (next == null) {
            open = !session.isOver();
            stage = Stage.NOTHING;
            silent = 0;
        }
        return next;
    }

    /** Every second or so. @return whether it must be known if the leader answers */
    synchronized boolean look() {
        long answers = answered.get();
        if (answers != answeredBefore || handed.get() == answers) {
            answeredBefore = answers;
            silent = 0;
            leaderAnswers = 0;
            if (stage == Stage.ANY_ANSWER && handed.get() == answers) {
                stage = Stage.RELEASE;
                session.open(this::release);
            }
            return !led;
        }
        if (silent++ == 0) {
            othersBefore = session.confirmations();
        }
        if (silent >= PATIENCE && open) {
            open = false;
            stage = Stage.ANY_ANSWER;
        }
        return silent >= PATIENCE;
    }

    /** The answer to a look. On a thread that must not be blocked. */
    void leader(boolean answers) {
        if (found(answers)) {
            session.open(this::sendFirst);
        } else if (isPoisoned()) {
            session.open(() ->
                    session.fail(new TimeoutException("partition " + shard + " has a leader that does not answer")));
        }
    }

    private synchronized boolean found(boolean answers) {
        boolean first = answers && !led && stage == Stage.LEADER;
        led |= answers;
        leaderAnswers = answers ? leaderAnswers + 1 : 0;
        return first;
    }

    /** One record alone is what the producer tries again, as long as too few replicas are in sync: it holds up nothing but its partition. */
    private synchronized boolean isPoisoned() {
        return leaderAnswers >= POISONED && silent >= PATIENCE && areSeveralOut();
    }

    private boolean areSeveralOut() {
        return handed.get() - answered.get() > 1;
    }

    /** Takes back what still waits. */
    synchronized boolean withdraw(Object context) {
        return waiting.remove(context);
    }

    /** Whether records have had no answer for a while although other partitions confirm theirs: a single one, or several whose leader does not answer either. */
    synchronized boolean isHeldAlone() {
        return silent > 0
                && session.confirmations() != othersBefore
                && (leaderAnswers < LEADER_BACK || !areSeveralOut());
    }

    LeaderNotAvailableException trouble() {
        return new LeaderNotAvailableException("partition " + shard + " has no leader that answers its records");
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
