package io.oncemq.torture.check;

import java.util.HashMap;
import java.util.Map;

/**
 * When a process waited for answers of the store. A question that is repeated, or answered with UNKNOWN, stays open from its first time on. That it
 * asked for nothing is no wait. Keeps open questions only. Written by {@link Frame} only.
 */
final class StoreTraffic {
    private final Map<String, Long> open = new HashMap<>();
    private final SpanSet waits = new SpanSet();

    void asked(String command, long owner, long now) {
        open.putIfAbsent(command + owner, now);
    }

    /**
     * @param what the command and, after a blank, the answer
     * @param moment how long a wait counts for nothing
     */
    void answered(String what, long owner, long now, long moment) {
        if (!what.endsWith(" UNKNOWN")) {
            Long from = open.remove(Frame.firstWord(what) + owner);
            if (from != null && now - from > moment) {
                waits.add(from, now);
            }
        }
    }

    /** @param gone whether the process has ended then: what is open is never answered */
    void ends(long now, boolean gone) {
        open.values().forEach(from -> waits.add(from, gone ? Long.MAX_VALUE : now));
        open.clear();
    }

    SpanSet waits() {
        return waits;
    }
}
