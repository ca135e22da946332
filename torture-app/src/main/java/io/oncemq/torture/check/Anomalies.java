package io.oncemq.torture.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts breaches and keeps the first of each rule. Used by one thread. */
final class Anomalies {
    private static final int KEPT = 20;

    private final Map<Rule, Long> counts = new EnumMap<>(Rule.class);
    private final List<Anomaly> first = new ArrayList<>();

    void add(Rule rule, Message message, String process, long nanos, String text) {
        add(rule, message.id, process, nanos, message + " " + text);
    }

    void add(Rule rule, String id, String process, long nanos, String text) {
        if (counts.merge(rule, 1L, Long::sum) <= KEPT) {
            first.add(new Anomaly(rule, id, process, nanos, text));
        }
    }

    Map<Rule, Long> counts() {
        return counts;
    }

    List<Anomaly> first() {
        return first;
    }
}
