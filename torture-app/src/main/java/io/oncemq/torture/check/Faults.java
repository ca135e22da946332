package io.oncemq.torture.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was done to a run, and whom it concerns by the first word of its target. {@code broker}: the broker, and which shards it gives to whom.
 * {@code store}: the way to the store. The name of a process, or of the member that it belongs to: this process alone; its fault's name says
 * by {@code -broker} or {@code -store} if only one of the two is out of its reach. Any other word explains nothing. Written by {@link Frame} only.
 */
final class Faults {
    private static final String BROKER = "broker";
    private static final String STORE = "store";

    private final Map<String, Long> open = new LinkedHashMap<>();
    private final List<Fault> all = new ArrayList<>();

    void begins(String name, long now) {
        open.put(name, now);
    }

    void ends(String name, long now) {
        Long from = open.remove(name);
        if (from != null) {
            all.add(new Fault(name, new Span(from, now)));
        }
    }

    /** Those that were never taken back last until the end. */
    void end(long last) {
        open.forEach((name, from) -> all.add(new Fault(name, new Span(from, last))));
        open.clear();
    }

    /** Whether something that may keep a process from the store was under way at any time between two. */
    boolean keepFromStore(String process, long from, long to) {
        return any(process, STORE, "-" + BROKER, from, to);
    }

    /** Whether something that may keep a process from the broker, or let the broker deal out its shards anew, was. */
    boolean keepFromBroker(String process, long from, long to) {
        return any(process, BROKER, "-" + STORE, from, to);
    }

    private boolean any(String process, String server, String otherServer, long from, long to) {
        for (Fault fault : all) {
            if (fault.span().overlaps(from, to)
                    && (fault.target().equals(server)
                            || fault.isOf(process) && !fault.nemesis().endsWith(otherServer))) {
                return true;
            }
        }
        return false;
    }
}
