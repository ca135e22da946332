package io.oncemq.torture.check;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Times as a set: what overlaps is one. Used by one thread. */
final class SpanSet {
    private final TreeMap<Long, Long> spans = new TreeMap<>();

    SpanSet add(Span span) {
        return add(span.from(), span.to());
    }

    SpanSet add(long from, long to) {
        long first = from;
        long last = to;
        Map.Entry<Long, Long> before = spans.floorEntry(to);
        while (before != null && before.getValue() >= first) {
            first = Math.min(first, before.getKey());
            last = Math.max(last, before.getValue());
            spans.remove(before.getKey());
            before = spans.floorEntry(to);
        }
        spans.put(first, last);
        return this;
    }

    SpanSet addAll(SpanSet others) {
        others.spans.forEach(this::add);
        return this;
    }

    /** What is in both. */
    SpanSet and(SpanSet other) {
        SpanSet both = new SpanSet();
        spans.forEach((from, to) -> {
            for (Map.Entry<Long, Long> each = other.spans.floorEntry(to);
                    each != null && each.getValue() > from;
                    each = other.spans.lowerEntry(each.getKey())) {
                both.add(Math.max(from, each.getKey()), Math.min(to, each.getValue()));
            }
        });
        return both;
    }

    /** Whether any of them touches the time between two. */
    boolean touches(long from, long to) {
        Map.Entry<Long, Long> before = spans.floorEntry(to);
        return before != null && before.getValue() >= from;
    }

    /** The last of them that touches the time between two; null if none does. */
    @Nullable
    Span last(long from, long to) {
        Map.Entry<Long, Long> before = spans.floorEntry(to);
        return before == null || before.getValue() < from ? null : new Span(before.getKey(), before.getValue());
    }

    /** How much of the time between two they take. */
    long within(long from, long to) {
        long sum = 0;
        for (Map.Entry<Long, Long> each = spans.floorEntry(to);
                each != null && each.getValue() > from;
                each = spans.lowerEntry(each.getKey())) {
            sum += Math.max(0, Math.min(to, each.getValue()) - Math.max(from, each.getKey()));
        }
        return sum;
    }

    /** What is left of the time between two. */
    long outside(long from, long to) {
        return Math.max(0, to - from - within(from, to));
    }

    /** Those of them that are accepted. */
    SpanSet only(Predicate<Span> accepted) {
        SpanSet some = new SpanSet();
        spans.forEach((from, to) -> {
            if (accepted.test(new Span(from, to))) {
                some.add(from, to);
            }
        });
        return some;
    }

    /** So much time after the beginning, and after the end, of each of them. */
    SpanSet edges(long after) {
        SpanSet edges = new SpanSet();
        spans.forEach((from, to) -> edges.add(from, from + after).add(to, to + after));
        return edges;
    }

    /** Each of them begins so much earlier, and ends so much later. */
    SpanSet widened(long before, long after) {
        SpanSet wider = new SpanSet();
        spans.forEach((from, to) -> wider.add(from - before, to + after));
        return wider;
    }
}
