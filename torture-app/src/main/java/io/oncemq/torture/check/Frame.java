package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.History;
import io.oncemq.torture.history.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a history says of processes, servers and faults, known as a whole before any message is judged. */
final class Frame {
    private static final String DRIVER = "driver";

    private final Map<String, Long> settings = new HashMap<>();
    private final Map<String, Incarnation> incarnations = new LinkedHashMap<>();
    private final Faults faults = new Faults();
    private final StoreMemory memory = new StoreMemory();
    private long recreatedAt = Long.MIN_VALUE;
    private long last = Long.MIN_VALUE;
    private long endedAt = Long.MAX_VALUE;
    private boolean deadLettersRead;
    private @Nullable String gaveUp;

    private Frame() {}

    static Frame of(History history) {
        Frame frame = new Frame();
        history.forEach(frame::see);
        frame.faults.end(frame.last);
        frame.memory.failedOver(frame.last);
        frame.incarnations.values().forEach(each -> each.ends(frame.last, frame.patience()));
        return frame;
    }

    private void see(Event event) {
        long now = event.nanos();
        last = Math.max(last, now);
        Incarnation writer = incarnation(event.process());
        writer.lastWord = now;
        switch (event.kind()) {
            case CONFIGURED -> settings.put(event.text(), event.number());
            case ALIVE -> writer.alive(now, patience());
            case ASSIGNED -> writer.worked = true;
            case REVOKING, LOST -> writer.leavings.add(new Leaving(Place.of(event), now, event.kind() == Kind.LOST));
            case REVOKED -> writer.revoked(Place.of(event), now);
            case STORE_ASKED -> writer.store.asked(event.text(), event.owner(), now, patience());
            case STORE_ANSWERED -> writer.store.answered(event.text(), event.owner(), now, patience());
            case STARTED -> incarnation(event.text()).startedAt = now;
            case KILLING -> incarnation(firstWord(event.text())).killing(now);
            case DEAD -> incarnation(event.text()).dead(now, event.number());
            case STOPPED -> incarnation(event.text()).stopped(now);
            case CONTINUED -> incarnation(event.text()).continued(now);
            case NEMESIS_BEGUN -> faults.begins(event.text(), now);
            case NEMESIS_ENDED -> faults.ends(event.text(), now);
            case BROKER_DOWN -> faults.begins("down broker", now);
            case BROKER_UP -> faults.ends("down broker", now);
            case STORE_DOWN -> faults.begins("down store", now);
            case STORE_UP -> faults.ends("down store", now);
            case STORE_DATA_LOST -> memory.isLost(now);
            case STORE_FAILS_OVER -> memory.failsOver(now);
            case STORE_FAILED_OVER -> memory.failedOver(now);
            case STORE_CLOCK_MOVED -> memory.clockMoves(now, event.number());
            case SHARDS_CHANGED -> {
                faults.begins("change broker", now);
                faults.ends("change broker", now);
            }
            case DESTINATION_RECREATED -> recreatedAt = now;
            case DEAD_LETTERS_READ -> deadLettersRead = true;
            case QUIESCENT -> endedAt = Math.min(endedAt, now);
            case GAVE_UP -> {
                endedAt = Math.min(endedAt, now);
                gaveUp = event.text();
            }
            default -> {}
        }
    }

    /** How long a process may be silent, or wait for the store, before it counts. */
    private long patience() {
        return setting("lease") / 2;
    }

    static String firstWord(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }

    Incarnation incarnation(String name) {
        return incarnations.computeIfAbsent(name, Incarnation::new);
    }

    Map<String, Incarnation> incarnations() {
        return incarnations;
    }

    long last() {
        return last;
    }

    /** When the driver said that it is over; null if it never did. */
    @Nullable
    Long endedAt() {
        return endedAt == Long.MAX_VALUE ? null : endedAt;
    }

    /** What the driver was waiting for when it gave up; null if it did not. */
    @Nullable
    String gaveUp() {
        return gaveUp;
    }

    /** Whether the driver found every dead letter that there is. */
    boolean deadLettersRead() {
        return deadLettersRead;
    }

    long setting(String name) {
        return settings.getOrDefault(name, 0L);
    }

    /** Whether the destination was deleted at or behind a time. */
    boolean recreatedAfter(long nanos) {
        return recreatedAt != Long.MIN_VALUE && recreatedAt >= nanos;
    }

    StoreMemory memory() {
        return memory;
    }

    /** Whether so much time passed on the store's clock between two times; what is not set never passes. */
    boolean passed(String setting, long from, long to) {
        return setting(setting) > 0 && to - from + memory.clockMoved(from, to) >= setting(setting);
    }

    /**
     * Whether the history shows why a claim may not have been renewed since its owner was last answered: the process stood still, something
     * stood between it and the store, it waited long for an answer or asked the store for nothing at all, the shard that brought the message
     * left it, or its handler ran too long. What was over when the claim was last prolonged shows nothing. It cannot see a process that
     * renews no claim at all, and has nothing else to ask either.
     */
    boolean leaseMayLapse(Message message, Grant grant, long to) {
        long from = grant.extendedAt;
        Incarnation its = incarnation(grant.process);
        return its.stoodStill(from, to)
                || its.store.waited(from, to)
                || passed("handlerTimeout", from, to)
                || memory.clockMoved(from, to) > 0
                || faults.keepFromStore(grant.process, from, to)
                || shardLeft(message, grant, to);
    }

    /** The engine may hear of it later than the history, so it may be told to be renewed once more behind it. */
    private boolean shardLeft(Message message, Grant grant, long to) {
        Incarnation its = incarnation(grant.process);
        long since = grant.extendedAt - setting("recovery");
        return its.leavings.stream()
                .filter(each -> each.from >= since && each.from <= to && message.cameBy(grant.process, each.place))
                .anyMatch(each -> each.letsGo(grant, its.deadBy(to), to, patience()));
    }

    /** Whether the history shows why the broker may have given a process's shard to another between two times, before the process knew. */
    boolean shardMayMove(String process, long from, long to) {
        long since = from - setting("recovery");
        return incarnation(process).stoodStill(since, to) || faults.keepFromBroker(process, since, to);
    }

    /** Whether the one that publishes stood still at any time between two. */
    boolean publisherStoodStill(String publisher, long from, long to) {
        return incarnation(DRIVER).stoodStill(from, to)
                || incarnation(publisher).stoodStill(from, to);
    }
}
