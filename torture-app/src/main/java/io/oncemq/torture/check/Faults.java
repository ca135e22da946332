package io.oncemq.torture.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was done to a run, and whom it concerns by the first word of its target. {@code broker}: the broker, for everybody. {@code topic}:
 * the destination, for those that publish. The name of a process, or of the member that it belongs to: this process alone, unless the
 * fault's name says by {@code -store} that only the store is out of its reach. Any other word explains nothing: what keeps a process from
 * the store is seen in its own questions, and an orderly change of the group is no fault. Written by {@link Frame} only.
 */
final class Faults {
    static final String BROKER_DOWN = "down broker";

    private static final String BROKER = "broker";
    private static final String TOPIC = "topic";
    private static final String NOT_THE_BROKER = "-store";

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

    /** When a process may have been kept from the broker. */
    SpanSet keepFromBroker(String process) {
        SpanSet spans = new SpanSet();
        all.stream()
                .filter(fault -> fault.target().equals(BROKER)
                        || fault.isOf(process) && !fault.nemesis().endsWith(NOT_THE_BROKER))
                .forEach(fault -> spans.add(fault.span()));
        return spans;
    }

    /** When the broker was down. */
    SpanSet brokerDown() {
        SpanSet spans = new SpanSet();
        all.stream().filter(fault -> fault.name().equals(BROKER_DOWN)).forEach(fault -> spans.add(fault.span()));
        return spans;
    }

    /** When something was done to the broker or the destination. */
    SpanSet disturbEverybody() {
        SpanSet spans = new SpanSet();
        all.stream()
                .filter(fault -> fault.target().equals(BROKER) || fault.target().equals(TOPIC))
                .forEach(fault -> spans.add(fault.span()));
        return spans;
    }
}
