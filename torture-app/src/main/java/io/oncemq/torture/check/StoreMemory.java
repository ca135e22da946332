package io.oncemq.torture.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened to the store that may let it forget: losses of its data, failovers, and moves of its clock. Written by {@link Frame} only. */
final class StoreMemory {
    private static final long NEVER = Long.MAX_VALUE;

    private final List<Span> losses = new ArrayList<>();
    private final List<Span> failovers = new ArrayList<>();
    private final Map<Long, Long> clockMoves = new LinkedHashMap<>();
    private long failingOverFrom = NEVER;

    void isLost(long now) {
        losses.add(new Span(now, now));
    }

    void failsOver(long now) {
        failingOverFrom = now;
    }

    void failedOver(long now) {
        if (failingOverFrom <= now) {
            failovers.add(new Span(failingOverFrom, now));
            failingOverFrom = NEVER;
        }
    }

    void clockMoves(long now, long by) {
        clockMoves.put(now, by);
    }

    /**
     * Whether what it said to have stored may be gone by another time: its data were lost behind the question, or a failover came for which
     * the answer was too young to be on every replica.
     *
     * @param told from the question to the answer
     * @param recovery how old an answer is that has reached every replica
     */
    boolean mayForget(Span told, long to, long recovery) {
        return losses.stream().anyMatch(loss -> loss.overlaps(told.from(), to))
                || failovers.stream()
                        .anyMatch(each -> each.overlaps(told.from(), to) && told.to() >= each.from() - recovery);
    }

    /** Whether data were lost, or a failover was under way, at any time between two. */
    boolean mayHaveForgotten(long from, long to) {
        return mayHaveFailedOver(from, to) || losses.stream().anyMatch(loss -> loss.overlaps(from, to));
    }

    /** Whether a failover was under way at any time between two: it may forget a claim without a sign by which anybody could know. */
    boolean mayHaveFailedOver(long from, long to) {
        return failovers.stream().anyMatch(span -> span.overlaps(from, to));
    }

    /** By how much the store's clock went ahead of ours between two times. */
    long clockMoved(long from, long to) {
        return clockMoves.entrySet().stream()
                .filter(move -> move.getKey() >= from && move.getKey() <= to)
                .mapToLong(Map.Entry::getValue)
                .filter(by -> by > 0)
                .sum();
    }
}
