package io.oncemq.core.consume;

import org.jspecify.annotations.Nullable;

/**
 * Claimed works in the order in which they are due for renewal. All leases are equally long, so appending keeps the order;
 * links live in the works, so a settled one leaves at once. Belongs to the event loop.
 */
final class Leases {
    private @Nullable Work first;
    private @Nullable Work last;

    void append(Work work, long renewAt) {
        remove(work);
        work.renewAt = renewAt;
        work.leased = true;
        work.leaseBefore = last;
        Work before = last;
        if (before == null) {
            first = work;
        } else {
            before.leaseAfter = work;
        }
        last = work;
    }

    void remove(Work work) {
        if (!work.leased) {
            return;
        }
        Work before = work.leaseBefore;
        Work after = work.leaseAfter;
        if (before == null) {
            first = after;
        } else {
            before.leaseAfter = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.leaseBefore = before;
        }
        work.leased = false;
        work.leaseBefore = null;
        work.leaseAfter = null;
    }

    /** The first work that is due, or null. */
    @Nullable
    Work due(long now) {
        Work work = first;
        return work != null && work.renewAt - now <= 0 ? work : null;
    }

    /** When the next renewal is due; far away if nothing is claimed. */
    long nextAt(long now) {
        Work work = first;
        return work == null ? now + Long.MAX_VALUE / 4 : work.renewAt;
    }
}
