package io.oncemq.core.consume;

import org.jspecify.annotations.Nullable;

/** The messages of one key in their order; only the head is ever handled. Belongs to the event loop. */
final class Lane {
    final @Nullable String key;
    /** Whether it has so many messages that shards wait for it. */
    boolean choking;
    /** How many of its messages are claimed, or about to be, and not started. */
    int ahead;

    private @Nullable Work head;
    private @Nullable Work tail;
    private int size;
    /** No message before it is unclaimed. */
    private @Nullable Work unclaimed;

    private long lastToken;

    Lane(@Nullable String key) {
        this.key = key;
    }

    void add(Work work) {
        work.lane = this;
        Work last = tail;
        if (last == null) {
            head = work;
        } else {
            last.nextInLane = work;
            work.beforeInLane = last;
        }
        tail = work;
        if (unclaimed == null) {
            unclaimed = work;
        }
        size++;
    }

    /** The first message of which no claim was asked for; those that follow another of the same id are left out. */
    @Nullable
    Work nextUnclaimed() {
        Work work = unclaimed;
        while (work != null && work.stage() != Stage.WAITING) {
            work = work.nextInLane;
        }
        unclaimed = work;
        return work;
    }

    @Nullable
    Work head() {
        return head;
    }

    /** Takes a message out that is settled, wherever it stands: a duplicate is settled before its turn comes. */
    void remove(Work work) {
        Work before = work.beforeInLane;
        Work after = work.nextInLane;
        if (before == null) {
            head = after;
        } else {
            before.nextInLane = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.beforeInLane = before;
        }
        if (unclaimed == work) {
            unclaimed = after;
        }
        work.beforeInLane = null;
        work.nextInLane = null;
        work.lane = null;
        size--;
    }

    /**
     * Whether the handler would get a smaller fencing token than for the message before, because this one was claimed earlier.
     * A message that goes to the dead letter needs no token, and one in doubt has none.
     */
    boolean wouldStepBack(Work work) {
        return work.claimed && work.verdict == Work.Verdict.HANDLE && work.token < lastToken;
    }

    void tokenUsed(long token) {
        lastToken = Math.max(lastToken, token);
    }

    int size() {
        return size;
    }
}
