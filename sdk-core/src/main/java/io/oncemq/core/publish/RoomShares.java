package io.oncemq.core.publish;

import io.oncemq.spi.KeyHash;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How the partitions of a destination share a room in flight: half of it is divided among them and the
 * messages without a key, the other half is for whichever needs more. A
 * partition without a leader, or on a dead broker, can therefore fill the common half and its own share, and never the share of another.
 *
 * <p>Messages and bytes share one word, as in {@link InFlightBudget}. The use of the common half is kept up by differences: each change of a
 * share is one atomic step that tells what was there before, and so how much of the change lies beyond the share's own. Thread-safe.
 */
final class RoomShares {
    private final int partitions;
    private final Share[] shares;
    private final int ownMessages;
    private final long ownBytes;
    private final int commonMessages;
    private final long commonBytes;
    private final AtomicLong common = new AtomicLong();

    RoomShares(InFlightBudget budget, int partitions, int maxMessages, long maxBytes) {
        this.partitions = partitions;
        shares = new Share[partitions == 1 ? 1 : partitions + 1];
        for (int place = 0; place < shares.length; place++) {
            shares[place] = new Share(budget);
        }
        ownMessages = maxMessages / 2 / shares.length;
        ownBytes = maxBytes / 2 / shares.length;
        commonMessages = maxMessages - maxMessages / 2;
        commonBytes = maxBytes - maxBytes / 2;
    }

    int partitions() {
        return partitions;
    }

    Share of(int keyHash) {
        return partitions == 1 ? shares[0] : shares[KeyHash.place(keyHash, partitions)];
    }

    /** For messages without a key that find no room in the share of their partition: a broker may take them to another one. */
    Share spare() {
        return shares[shares.length - 1];
    }

    /** Below this much, waiting is worth a look: see {@link InFlightBudget}. */
    static long enough(long bound) {
        return Math.max(0, bound - 1 - (bound - 1) / 4);
    }

    /** What one partition uses. */
    final class Share {
        final InFlightBudget budget;
        private final AtomicLong used = new AtomicLong();
        /** How many wait in line for it; written under the lock of the budget. */
        volatile int waiting;
        /** Its first in line waits for bytes, and others of it wait behind that one. */
        volatile boolean reserved;
        /** The look at the line at which it had no room. */
        long refusedAt;

        private Share(InFlightBudget budget) {
            this.budget = budget;
        }

        /**
         * Takes room that the whole has already given. A partition with nothing in flight may take one message that is larger than its
         * share, while the whole has room for it.
         *
         * @param ownOnly whether the common half is kept for another
         */
        boolean take(int size, boolean ownOnly) {
            long word = InFlightBudget.word(size);
            long before = used.getAndAdd(word);
            long beyond = beyond(before + word) - beyond(before);
            if (beyond == 0) {
                return true;
            }
            long after = common.addAndGet(beyond);
            if (before == 0 || !ownOnly && fits(beyond, after)) {
                return true;
            }
            giveBack(word);
            return false;
        }

        /** @return whether it is worth looking at the line now */
        boolean release(int size) {
            long word = InFlightBudget.word(size);
            boolean fromCommon = giveBack(word);
            long mine = used.get();
            return waiting > 0
                            && InFlightBudget.messages(mine) <= enough(ownMessages)
                            && InFlightBudget.bytes(mine) <= enough(ownBytes)
                    || fromCommon && isCommonRoomy();
        }

        /** @return whether that frees some of the common half */
        private boolean giveBack(long word) {
            long before = used.getAndAdd(-word);
            long beyond = beyond(before) - beyond(before - word);
            if (beyond != 0) {
                common.addAndGet(-beyond);
            }
            return beyond != 0;
        }

        /** Whether one more message, were it small, would find room. */
        boolean hasPlace() {
            return InFlightBudget.messages(used.get()) < ownMessages
                    || InFlightBudget.messages(common.get()) < commonMessages;
        }
    }

    private boolean fits(long beyond, long after) {
        return (InFlightBudget.messages(beyond) == 0 || InFlightBudget.messages(after) <= commonMessages)
                && (InFlightBudget.bytes(beyond) == 0 || InFlightBudget.bytes(after) <= commonBytes);
    }

    private boolean isCommonRoomy() {
        long now = common.get();
        return InFlightBudget.messages(now) <= enough(commonMessages)
                && InFlightBudget.bytes(now) <= enough(commonBytes);
    }

    private long beyond(long used) {
        int messages = Math.max(0, InFlightBudget.messages(used) - ownMessages);
        long bytes = Math.max(0, InFlightBudget.bytes(used) - ownBytes);
        return InFlightBudget.word(messages, bytes);
    }
}
