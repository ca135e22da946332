package io.oncemq.torture.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When a process got no answers from the store in time, or asked for none: its claims may have lapsed then, whatever the reason. A question
 * that is repeated, or answered with UNKNOWN, stays open from its first time on. Keeps open questions only. Written by {@link Frame} only.
 */
final class StoreTraffic {
    private static final long NEVER = Long.MIN_VALUE;

    private final Map<String, Long> open = new HashMap<>();
    private final List<Span> waits = new ArrayList<>();
    private long lastLine = NEVER;

    /** @param patience how long a wait counts for nothing */
    void asked(String command, long owner, long now, long patience) {
        line(now, patience);
        open.putIfAbsent(command + owner, now);
    }

    /** @param what the command and, behind a space, the answer */
    void answered(String what, long owner, long now, long patience) {
        line(now, patience);
        if (!what.endsWith(" UNKNOWN")) {
            Long from = open.remove(Frame.firstWord(what) + owner);
            if (from != null) {
                waits(from, now, patience);
            }
        }
    }

    /** @param gone whether the process has ended then: no question that is open will be answered any more */
    void ends(long now, long patience, boolean gone) {
        if (lastLine != NEVER) {
            waits(lastLine, now, patience);
        }
        open.values().forEach(from -> waits(from, now, gone ? -1 : patience));
        open.clear();
    }

    private void line(long now, long patience) {
        if (lastLine != NEVER) {
            waits(lastLine, now, patience);
        }
        lastLine = now;
    }

    private void waits(long from, long to, long patience) {
        if (to - from <= patience) {
            return;
        }
        Span wait = new Span(from, to);
        while (!waits.isEmpty() && waits.get(waits.size() - 1).overlaps(wait.from(), wait.to())) {
            Span last = waits.remove(waits.size() - 1);
            wait = new Span(Math.min(last.from(), wait.from()), Math.max(last.to(), wait.to()));
        }
        waits.add(wait);
    }

    boolean waited(long from, long to) {
        return waits.stream().anyMatch(span -> span.overlaps(from, to));
    }
}
