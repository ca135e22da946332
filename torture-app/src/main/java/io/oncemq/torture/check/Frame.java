package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.History;
import io.oncemq.torture.history.Kind;
import io.oncemq.torture.history.RunBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a history says of processes, servers and faults, known as a whole before any message is judged.
 *
 * <p>A fault counts from its beginning until its end and {@link RunBounds#recovery} behind it. One whose target is a process concerns that
 * process; one whose target is {@code broker} moves shards and lets no lease lapse; one whose target is {@code store} the other way round; any
 * other may do both.
 */
final class Frame {
    private static final String BROKER = "broker";
    private static final String STORE = "store";

    private final Map<String, Long> settings = new HashMap<>();
    private final Map<String, Incarnation> incarnations = new LinkedHashMap<>();
    private final Map<String, Long> open = new LinkedHashMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<Span> dataLosses = new ArrayList<>();
    private final List<Span> failovers = new ArrayList<>();
    private long failingOverFrom = Long.MAX_VALUE;
    private final Map<Long, Long> clockMoves = new LinkedHashMap<>();
    private long recreatedAt = Long.MIN_VALUE;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private long endedAt = Long.MAX_VALUE;
    private boolean gaveUp;

    private Frame() {}

    static Frame of(History history) {
        Frame frame = new Frame();
        history.forEach(frame::see);
        frame.open.forEach((name, from) -> frame.faults.add(new Fault(name, new Span(from, frame.last))));
        frame.incarnations.values().forEach(each -> each.ends(frame.last));
        frame.failedOver(frame.last);
        return frame;
    }

    private void see(Event event) {
        first = Math.min(first, event.nanos());
        last = Math.max(last, event.nanos());
        long now = event.nanos();
        incarnation(event.process()).lastWord = now;
        switch (event.kind()) {
            case CONFIGURED -> settings.put(event.text(), event.number());
            case ALIVE -> incarnation(event.process()).alive(now, setting("lease") / 2);
            case REVOKING, LOST -> incarnation(event.process()).moves.add(new Span(now, now));
            case STARTED -> incarnation(event.text()).startedAt = now;
            case KILLING -> incarnation(firstWord(event.text())).killing(now);
            case DEAD -> incarnation(event.text()).dead(now, event.number());
            case STOPPED -> incarnation(event.text()).stopped(now);
            case CONTINUED -> incarnation(event.text()).continued(now);
            case NEMESIS_BEGUN -> open.put(event.text(), now);
            case NEMESIS_ENDED -> close(event.text(), now);
            case BROKER_DOWN -> open.put("down " + BROKER, now);
            case BROKER_UP -> close("down " + BROKER, now);
            case STORE_DOWN -> open.put("down " + STORE, now);
            case STORE_UP -> close("down " + STORE, now);
            case STORE_DATA_LOST -> dataLosses.add(new Span(now, now));
            case STORE_FAILS_OVER -> failingOverFrom = now;
            case STORE_FAILED_OVER -> failedOver(now);
            case STORE_CLOCK_MOVED -> clockMoves.put(now, event.number());
            case SHARDS_CHANGED -> faults.add(new Fault("shards " + BROKER, new Span(now, now)));
            case DESTINATION_RECREATED -> recreatedAt = now;
            case QUIESCENT, GAVE_UP -> {
                endedAt = Math.min(endedAt, now);
                gaveUp |= event.kind() == Kind.GAVE_UP;
            }
            default -> {}
        }
    }

    private void failedOver(long now) {
        if (failingOverFrom <= now) {
            failovers.add(new Span(failingOverFrom, now));
            failingOverFrom = Long.MAX_VALUE;
        }
    }

    private void close(String fault, long now) {
        Long from = open.remove(fault);
        if (from != null) {
            faults.add(new Fault(fault, new Span(from, now)));
        }
    }

    static String firstWord(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }

    private static String target(Fault fault) {
        return firstWord(fault.name().substring(fault.name().indexOf(' ') + 1));
    }

    Incarnation incarnation(String name) {
        return incarnations.computeIfAbsent(name, Incarnation::new);
    }

    Map<String, Incarnation> incarnations() {
        return incarnations;
    }

    List<Fault> faults() {
        return faults;
    }

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    /** When the driver said that it is over; null if it never did. */
    @Nullable
    Long endedAt() {
        return endedAt == Long.MAX_VALUE ? null : endedAt;
    }

    boolean gaveUp() {
        return gaveUp;
    }

    long setting(String name) {
        return settings.getOrDefault(name, 0L);
    }

    RunBounds bounds() {
        return new RunBounds(
                Duration.ofNanos(setting("lease")),
                Duration.ofNanos(setting("handlerTimeout")),
                Duration.ofNanos(setting("rememberFor")),
                Duration.ofNanos(setting("publishDeadline")),
                Duration.ofNanos(setting("recovery")),
                setting("maxInFlight"),
                setting("concurrency"),
                setting("exclusiveShards") != 0);
    }

    /** Whether the destination was deleted at or behind a time. */
    boolean recreatedAfter(long nanos) {
        return recreatedAt >= nanos;
    }

    /** Whether the store may have forgotten what it was told at or behind a time, by another time. */
    boolean dataLost(long from, long to) {
        return dataLosses.stream().anyMatch(span -> span.overlaps(from, to)) || failedOver(from, to);
    }

    /** The same, and without any sign by which those who use it could know. */
    boolean failedOver(long from, long to) {
        return failovers.stream().anyMatch(span -> span.overlaps(from, to));
    }

    /** By how much the store's clock went ahead of ours between two times. */
    private long clockMoved(long from, long to) {
        return clockMoves.entrySet().stream()
                .filter(move -> move.getKey() >= from && move.getKey() <= to)
                .mapToLong(Map.Entry::getValue)
                .filter(by -> by > 0)
                .sum();
    }

    /** Whether so much time passed on the store's clock between two times; what is not set never passes. */
    boolean passed(String setting, long from, long to) {
        return setting(setting) > 0 && to - from + clockMoved(from, to) >= setting(setting);
    }

    /**
     * Whether the history shows why a process may not have renewed a claim that it was last given at {@code from}: the process stood still, lost
     * shards, ran its handler too long, or something stood between it and the store.
     */
    boolean leaseMayLapse(String process, long from, long to) {
        Incarnation its = incarnation(process);
        return its.stoodStill(from, to)
                || its.moves.stream().anyMatch(span -> span.overlaps(from, to))
                || passed("handlerTimeout", from, to)
                || clockMoved(from, to) > 0
                || disturbed(process, BROKER, from, to);
    }

    /** Whether the history shows why the broker may have given a process's shard to another before the process knew. */
    boolean shardMayMove(String process, long now) {
        return incarnation(process).stoodStill(now - setting("recovery"), now) || disturbed(process, STORE, now, now);
    }

    private boolean disturbed(String process, String harmless, long from, long to) {
        long recovery = setting("recovery");
        return faults.stream()
                .filter(fault -> fault.span().overlaps(from - recovery, to))
                .map(Frame::target)
                .anyMatch(target -> !target.equals(harmless)
                        && (!isProcess(target) || process.equals(target) || process.startsWith(target + ".")));
    }

    private boolean isProcess(String target) {
        return incarnations.keySet().stream().anyMatch(name -> name.equals(target) || name.startsWith(target + "."));
    }
}
