package io.oncemq.core.consume;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.Shard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows which delivered messages of one shard are settled, and up to which tag all of them are. Positions count deliveries, not
 * tags, so gaps in the tags (compaction, transaction markers) cost nothing and are passed over. A ring of tags and one of
 * unsettled works grow with the distance between the oldest unsettled message and the newest. Belongs to the event loop.
 */
final class AckTracker {
    /** Stands for a dropped work: nothing after it may be acknowledged, but the work itself is no longer needed. */
    private static final Object DROPPED = new Object();

    private long[] tags = new long[1024];
    /** A work, {@link #DROPPED}, or null once settled. */
    private @Nullable Object[] unsettled = new @Nullable Object[1024];

    private long base;
    private long end;
    private long through = -1;
    private long[] singles = new long[16];
    private int singleCount;
    private final boolean individual;

    AckTracker(Shard.AcknowledgeMode mode) {
        this.individual = mode == Shard.AcknowledgeMode.INDIVIDUAL;
    }

    /** Registers a delivery and gives it its position. */
    void delivered(Work work) {
        if (end - base == tags.length) {
            grow();
        }
        int slot = slot(end);
        tags[slot] = work.message.tag();
        unsettled[slot] = work;
        work.sequence = end++;
    }

    void settle(long position) {
        int slot = slot(position);
        unsettled[slot] = null;
        if (position != base) {
            if (individual) {
                addSingle(tags[slot]);
            }
            return;
        }
        while (base < end && unsettled[slot(base)] == null) {
            through = tags[slot(base)];
            base++;
        }
    }

    /** It will never be settled here. */
    void drop(long position) {
        unsettled[slot(position)] = DROPPED;
    }

    /** From the oldest unsettled delivery to the newest. */
    int window() {
        return (int) (end - base);
    }

    /** The works that were neither settled nor dropped, oldest first. */
    List<Work> open() {
        List<Work> works = new ArrayList<>();
        for (long position = base; position < end; position++) {
            if (unsettled[slot(position)] instanceof Work work) {
                works.add(work);
            }
        }
        return works;
    }

    /** One consistent view of what may be acknowledged. Singles are handed out once. */
    Acknowledgement snapshot(Shard shard) {
        long[] above = Acknowledgement.NONE;
        if (singleCount > 0) {
            above = Arrays.stream(singles, 0, singleCount)
                    .filter(tag -> tag > through)
                    .toArray();
            singleCount = 0;
        }
        return new Acknowledgement(shard, through, above, base == end);
    }

    private int slot(long position) {
        return (int) (position & tags.length - 1);
    }

    private void addSingle(long tag) {
        if (singleCount == singles.length) {
            singles = Arrays.copyOf(singles, singleCount * 2);
        }
        singles[singleCount++] = tag;
    }

    private void grow() {
        int mask = tags.length * 2 - 1;
        long[] moreTags = new long[tags.length * 2];
        @Nullable Object[] moreWorks = new @Nullable Object[moreTags.length];
        for (long position = base; position < end; position++) {
            moreTags[(int) (position & mask)] = tags[slot(position)];
            moreWorks[(int) (position & mask)] = unsettled[slot(position)];
        }
        tags = moreTags;
        unsettled = moreWorks;
    }
}
