package io.oncemq.torture.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which process had a shard from when to when: the latest to whom it was assigned. Written by {@link Frame} only. */
final class Tenures {
    private final List<Tenure> all = new ArrayList<>();
    private @Nullable Tenure current;

    void begins(String process, long now) {
        if (current != null) {
            current.to = Math.min(current.to, now);
        }
        current = new Tenure(process, now);
        all.add(current);
    }

    void ends(String process, long now) {
        if (current != null && current.process.equals(process)) {
            current.to = now;
            current = null;
        }
    }

    /**
     * When the shard may have brought nothing: its holder was kept from the broker or held up, and its source brought nothing of any shard. Or it had
     * no holder, and the broker was disturbed, or the machine was crowded, which excuses no more than the time to recover each time.
     */
    SpanSet mayBeSilent(Frame frame) {
        SpanSet spans = new SpanSet();
        long without = frame.first();
        for (Tenure each : all) {
            Incarnation holder = frame.incarnation(each.process);
            long to = end(each, frame);
            addUnheld(spans, without, each.from, frame);
            if (to > each.from) {
                SpanSet causes = new SpanSet()
                        .addAll(frame.disturbed())
                        .addAll(frame.keptFromBroker(each.process))
                        .addAll(holder.heldUp());
                spans.addAll(causes.and(holder.silences()).and(new SpanSet().add(each.from, to)));
            }
            without = Math.max(without, Math.max(each.from, to));
        }
        addUnheld(spans, without, frame.last(), frame);
        return spans;
    }

    private static void addUnheld(SpanSet spans, long from, long to, Frame frame) {
        if (to > from) {
            SpanSet without = new SpanSet().add(from, to);
            spans.addAll(frame.disturbed().and(without))
                    .addAll(frame.crowded()
                            .and(new SpanSet().add(from, Math.min(to, from + frame.setting("recovery")))));
        }
    }

    private static long end(Tenure tenure, Frame frame) {
        return Math.min(Math.min(tenure.to, frame.incarnation(tenure.process).deadFrom()), frame.last());
    }

    /** When the time ended in which a process had the shard at a time; null if it has it to the end, or never had. */
    @Nullable
    Long endOf(String process, long at, Frame frame) {
        Tenure found = null;
        for (Tenure each : all) {
            if (each.process.equals(process) && each.from <= at) {
                found = each;
            }
        }
        return found == null || end(found, frame) == frame.last() ? null : end(found, frame);
    }

    /** For how long processes had the shard, and for how much of it acknowledgements may have been lost with it. */
    void addAcknowledging(Frame frame, double[] heldAndLost) {
        for (Tenure each : all) {
            long to = end(each, frame);
            if (to > each.from) {
                heldAndLost[0] += to - each.from;
                SpanSet lost = frame.acknowledgementsMayBeLost(each.process);
                long soon = frame.setting("recovery") / 2;
                heldAndLost[1] += to == frame.last()
                        ? 0
                        : lost.only(span -> to <= span.to() + soon).within(each.from, to);
            }
        }
    }

    private static final class Tenure {
        final String process;
        final long from;
        long to = Long.MAX_VALUE;

        Tenure(String process, long from) {
            this.process = process;
            this.from = from;
        }
    }
}
