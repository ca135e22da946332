package io.oncemq.torture.report;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.History;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** When what happened, second by second. Times are seconds from the first event. */
final class Timeline {
    private static final double NANOS = 1e9;

    private long first = Long.MAX_VALUE;
    private long last;
    private final Map<Integer, Integer> confirmed = new HashMap<>();
    private final Map<Integer, Integer> effects = new HashMap<>();
    private final Map<Integer, Map<String, Long>> inFlight = new HashMap<>();
    private final Map<String, List<Bar>> faults = new LinkedHashMap<>();
    private final Map<String, List<Bar>> lives = new TreeMap<>();
    private final Map<String, List<Bar>> pauses = new HashMap<>();
    private final Map<String, Double> begun = new HashMap<>();

    private Timeline() {}

    static Timeline of(History history) {
        Timeline line = new Timeline();
        history.forEach(line::see);
        line.begun.keySet().stream().sorted().toList().forEach(name -> line.end(name, line.seconds()));
        return line;
    }

    private void see(Event event) {
        first = Math.min(first, event.nanos());
        last = Math.max(last, event.nanos());
        double now = at(event.nanos());
        switch (event.kind()) {
            case PUBLISH_ENDED -> {
                if (event.text().equals("CONFIRMED")) {
                    confirmed.merge((int) now, 1, Integer::sum);
                }
            }
            case EFFECT -> effects.merge((int) now, 1, Integer::sum);
            case ALIVE ->
                inFlight.computeIfAbsent((int) now, second -> new HashMap<>()).put(event.process(), event.number());
            case NEMESIS_BEGUN -> begun.put("fault " + event.text(), now);
            case NEMESIS_ENDED -> end("fault " + event.text(), now);
            case STARTED -> begun.put("life " + event.text(), now);
            case KILLING, DEAD -> end("life " + firstWord(event.text()), now);
            case STOPPED -> begun.put("pause " + event.text(), now);
            case CONTINUED -> end("pause " + event.text(), now);
            default -> {}
        }
    }

    private void end(String name, double now) {
        Double from = begun.remove(name);
        if (from == null) {
            return;
        }
        String what = name.substring(name.indexOf(' ') + 1);
        Bar bar = new Bar(from, now, what);
        if (name.startsWith("fault")) {
            faults.computeIfAbsent(firstWord(what), row -> new ArrayList<>()).add(bar);
        } else {
            Map<String, List<Bar>> rows = name.startsWith("life") ? lives : pauses;
            rows.computeIfAbsent(member(what), row -> new ArrayList<>()).add(bar);
        }
    }

    private static String firstWord(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }

    /** A process and those that took its place have one row. */
    private static String member(String process) {
        int dot = process.lastIndexOf('.');
        return dot < 0 ? process : process.substring(0, dot);
    }

    double at(long nanos) {
        return (nanos - first) / NANOS;
    }

    double seconds() {
        return last <= first ? 1 : at(last);
    }

    double[] confirmedPerSecond() {
        return perSecond(confirmed);
    }

    double[] effectsPerSecond() {
        return perSecond(effects);
    }

    private double[] perSecond(Map<Integer, Integer> counts) {
        double[] all = new double[(int) seconds() + 1];
        counts.forEach((second, count) -> all[second] = count);
        return all;
    }

    double[] inFlight() {
        double[] all = new double[(int) seconds() + 1];
        inFlight.forEach((second, each) ->
                all[second] = each.values().stream().mapToLong(Long::longValue).sum());
        return all;
    }

    Map<String, List<Bar>> faults() {
        return faults;
    }

    Map<String, List<Bar>> lives() {
        return lives;
    }

    List<Bar> pauses(String member) {
        return pauses.getOrDefault(member, List.of());
    }

    /** A time in a row. */
    record Bar(double from, double to, String text) {}
}
