package io.oncemq.rabbit;

import java.time.Duration;

/**
 * How many messages of one queue may come ahead: as many as the subscription wants, fewer while they are large, more again when they no
 * longer are. A change costs a new channel, so growing waits, and longer each time that it was too early. Belongs to the source's thread.
 */
final class Prefetch {
    static final Duration FIRST_REST = Duration.ofSeconds(10);
    static final Duration LAST_REST = Duration.ofMinutes(10);

    private int most = Integer.MAX_VALUE;
    private Duration rest = FIRST_REST;
    private long changedAt;
    private long growAt;

    Prefetch(long now) {
        this.changedAt = now;
    }

    int of(int wanted) {
        return Math.min(wanted, most);
    }

    /** More came than there was room for. */
    void shrink(int fitting, long now) {
        boolean soon = now - changedAt < 2 * rest.toNanos();
        Duration longer = soon ? rest.multipliedBy(2) : FIRST_REST;
        rest = longer.compareTo(LAST_REST) < 0 ? longer : LAST_REST;
        change(fitting, now);
    }

    boolean mayGrow(long now) {
        return most != Integer.MAX_VALUE && now - growAt >= 0;
    }

    /** There is room for so many. */
    void grow(long fitting, int wanted, long now) {
        change(fitting >= wanted ? Integer.MAX_VALUE : (int) fitting, now);
    }

    private void change(int to, long now) {
        most = to;
        changedAt = now;
        growAt = now + rest.toNanos();
    }

    /** Not now. */
    void growLater(long now) {
        growAt = now + rest.toNanos();
    }
}
