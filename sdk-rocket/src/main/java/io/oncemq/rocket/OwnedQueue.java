package io.oncemq.rocket;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.Shard;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/**
 * One queue from the time when its lock was granted. Its identity is the generation of its pulls: what was asked for another instance of the
 * same queue is dropped when it comes (M10). What is settled, what is committed and whether a pause is asked for may be touched by
 * any thread; all else belongs to the source's thread.
 */
final class OwnedQueue {
    private static final long NONE = -1;

    final MessageQueue queue;
    final Shard shard;
    /** Why it has no position although the group has one: retention or a new topic made that worthless. */
    final @Nullable String loss;

    private final AtomicLong settled = new AtomicLong(NONE);
    private volatile boolean pauseWanted;
    private volatile long committed = NONE;
    private volatile boolean trusted = true;

    long lockedUntil;
    /** No further message is dispatched; a release is under way. */
    boolean leaving;
    /** Its position is looked into. */
    boolean examined;
    /** The broker has said that it has no such topic. */
    boolean withoutTopic;

    boolean pulling;
    long pullAt;
    private boolean pulled;
    private boolean refused;
    private long refusedSince;
    private boolean positioned;
    private volatile long position;
    private long end = Long.MAX_VALUE;
    private long floor;
    private volatile long delivered = NONE;
    private List<InboundMessage> waiting = List.of();

    OwnedQueue(MessageQueue queue, long epoch, long lockedUntil, @Nullable String loss) {
        this.queue = queue;
        this.shard = new Shard(Offsets.shard(queue), epoch, Shard.AcknowledgeMode.CUMULATIVE);
        this.lockedUntil = lockedUntil;
        this.loss = loss;
        this.pullAt = lockedUntil;
    }

    void acknowledge(Acknowledgement acknowledgement) {
        settled.accumulateAndGet(acknowledgement.through(), Math::max);
    }

    /** @return whether that is a change */
    boolean wantPause(boolean pause) {
        boolean change = pauseWanted != pause;
        pauseWanted = pause;
        return change;
    }

    boolean isPositioned() {
        return positioned;
    }

    long position() {
        return position;
    }

    long committed() {
        return committed;
    }

    /** @param known whether the broker has that position stored for the group */
    void positioned(long offset, boolean known, long now) {
        floor = offset;
        position = offset;
        committed = known ? offset : NONE;
        pullAt = now;
        positioned = true;
    }

    /** Nothing from this offset on is wanted. */
    void endsAt(long offset) {
        end = offset;
    }

    boolean isAtEnd() {
        return positioned && position >= end && waiting.isEmpty();
    }

    /** The broker has its pull and all that was settled, so that its next news is an answer or a settlement. */
    boolean isAtRest() {
        return positioned && pulling && !leaving && !examined && waiting.isEmpty() && due() < 0;
    }

    boolean mayPull(long now) {
        return positioned
                && !leaving
                && !examined
                && !pulling
                && !pauseWanted
                && waiting.isEmpty()
                && position < end
                && now - pullAt >= 0;
    }

    /** The broker has answered a pull. */
    void pulled() {
        pulled = true;
    }

    boolean hasPulled() {
        return pulled;
    }

    /**
     * The broker does not read at the position, which it should have. @return how many nanoseconds it has not, by now
     */
    long refused(long now) {
        if (!refused) {
            refused = true;
            refusedSince = now;
        }
        return now - refusedSince;
    }

    boolean isRefused() {
        return refused;
    }

    /** Takes note of what a pull brought, which waits for {@link #take}. */
    void fetched(List<InboundMessage> messages, long next) {
        refused = false;
        waiting = next <= end
                ? messages
                : messages.stream().filter(each -> each.offset() < end).toList();
        position = Math.min(Math.max(next, position), end);
    }

    /** What is to be dispatched now. */
    List<InboundMessage> take() {
        if (waiting.isEmpty() || pauseWanted || leaving || examined) {
            return List.of();
        }
        List<InboundMessage> taken = waiting;
        waiting = List.of();
        delivered = taken.get(taken.size() - 1).offset();
        return taken;
    }

    /**
     * What should be committed, or −1 if the broker has that already. Everything below it is settled. Where nothing delivered is left
     * unsettled and nothing waits here it is the position, which may lie beyond what was filtered out.
     */
    long due() {
        if (!positioned || examined) {
            return NONE;
        }
        long offset = settledThrough();
        return offset == committed && trusted ? NONE : offset;
    }

    private long settledThrough() {
        long through = settled.get();
        if (through < delivered) {
            return Math.max(floor, through + 1);
        }
        return waiting.isEmpty() ? position : waiting.get(0).offset();
    }

    void committed(long offset) {
        committed = offset;
        trusted = true;
    }

    /** The broker may have forgotten what was committed: a restart loses up to five seconds of it. */
    void distrust() {
        trusted = false;
    }
}
