package io.oncemq.core.consume;

import org.jspecify.annotations.Nullable;

/** The messages of one key in their order; only the head is ever handled. Belongs to the event loop. */
final class Lane {
    final @Nullable String key;
    /** Whether it has so many messages that shards wait for it. */
    boolean choking;

    private @Nullable Work head;
    private @Nullable Work tail;
    private int size;
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
        }
        tail = work;
        size++;
    }

    @Nullable
    Work head() {
        return head;
    }

    void removeHead() {
        Work first = head;
        if (first == null) {
            throw new IllegalStateException("the lane is empty");
        }
        head = first.nextInLane;
        first.nextInLane = null;
        if (head == null) {
            tail = null;
        }
        size--;
    }

    /** Whether a message that was claimed earlier than its predecessor was would hand the handler a smaller fencing token. */
    boolean wouldStepBack(Work work) {
        return work.claimed && work.token < lastToken;
    }

    void tokenUsed(long token) {
        lastToken = Math.max(lastToken, token);
    }

    int size() {
        return size;
    }
}
