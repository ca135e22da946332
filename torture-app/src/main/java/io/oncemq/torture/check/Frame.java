package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.History;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a history says of processes, servers and faults, known as a whole before any message is judged. */
final class Frame {
    private static final String DRIVER = "driver";
    /** From this many threads to a processor on, any of them may stand still for seconds while others run. */
    private static final long CROWDED_PERCENT = 400;

    private final Map<String, Long> settings = new HashMap<>();
    private final Map<String, Incarnation> incarnations = new LinkedHashMap<>();
    private final Faults faults = new Faults();
    private final StoreMemory memory = new StoreMemory();
    /** When the destination was deleted, and when all that had been confirmed was handled. */
    private final NavigableSet<Long> deletions = new TreeSet<>();

    private final NavigableSet<Long> caughtUp = new TreeSet<>();
    private final Map<String, Tenures> tenures = new HashMap<>();
    private final Map<String, SpanSet> mayBeSilent = new HashMap<>();
    private final Map<String, SpanSet> keptFromBroker = new HashMap<>();
    private final Map<String, SpanSet> couldNotBeTold = new HashMap<>();
    private final Map<String, SpanSet> acknowledgementsMayBeLost = new HashMap<>();
    private final PublishTraffic publishing = new PublishTraffic();

    private final SpanSet crowded = new SpanSet();
    private long aliveAt;

    /** When something was done to the broker or the destination, for everybody. */
    private SpanSet disturbed = new SpanSet();

    private SpanSet keptFromPublishing = new SpanSet();

    private long first = Long.MAX_VALUE;
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
        frame.incarnations.values().forEach(each -> each.ends(frame.last));
        frame.publishing.ends(frame.first, frame.last, frame.patience() / 4);
        frame.disturbed = frame.faults.disturbEverybody();
        frame.keptFromPublishing = frame.disturbsPublishing();
        return frame;
    }

    private void see(Event event) {
        long now = event.nanos();
        first = Math.min(first, now);
        last = Math.max(last, now);
        Incarnation writer = incarnation(event.process());
        writer.lastWord = now;
        switch (event.kind()) {
            case ASSIGNED, RECEIVED, REVOKING, REVOKED, LOST -> writer.said(now, patience() / 2);
            default -> {}
        }
        switch (event.kind()) {
            case CONFIGURED -> settings.put(event.text(), event.number());
            case ALIVE -> {
                writer.alive(now, patience());
                if (event.process().equals(DRIVER)) {
                    crowdedSince(now, event.number() >= CROWDED_PERCENT);
                }
            }
            case ASSIGNED -> {
                writer.worked = true;
                tenures(event.shard()).begins(event.process(), now);
            }
            case REVOKING -> writer.leavings.add(new Leaving(Place.of(event), now, false));
            case LOST -> {
                writer.leavings.add(new Leaving(Place.of(event), now, true));
                tenureEnds(event);
            }
            case REVOKED -> {
                writer.revoked(Place.of(event), now);
                tenureEnds(event);
            }
            case STORE_ASKED -> writer.store.asked(event.text(), event.owner(), now);
            case STORE_ANSWERED -> writer.store.answered(event.text(), event.owner(), now, moment());
            case STARTED -> incarnation(event.text()).startedAt = now;
            case ASKED_TO_CLOSE -> incarnation(event.text()).askedToClose();
            case KILLING -> incarnation(firstWord(event.text())).killing(now);
            case DEAD -> incarnation(event.text()).dead(now, event.number());
            case STOPPED -> incarnation(event.text()).stopped(now);
            case CONTINUED -> incarnation(event.text()).continued(now);
            case NEMESIS_BEGUN -> faults.begins(event.text(), now);
            case NEMESIS_ENDED -> faults.ends(event.text(), now);
            case BROKER_DOWN -> faults.begins(Faults.BROKER_DOWN, now);
            case BROKER_UP -> faults.ends(Faults.BROKER_DOWN, now);
            case STORE_DOWN -> faults.begins("down store", now);
            case STORE_UP -> faults.ends("down store", now);
            case STORE_DATA_LOST -> memory.isLost(now);
            case STORE_FAILS_OVER -> memory.failsOver(now);
            case STORE_FAILED_OVER -> memory.failedOver(now);
            case STORE_CLOCK_MOVED -> memory.clockMoves(now, event.number());
            case PUBLISH_INVOKED -> publishing.invoked(event);
            case PUBLISH_ENDED -> publishing.ended(event, patience() / 4);
            case ANSWERED_LATE -> publishing.answeredLate(event);
            case CAUGHT_UP -> caughtUp.add(now);
            case DESTINATION_RECREATED -> deletions.add(now);
            case DEAD_LETTERS_READ -> deadLettersRead = true;
            case QUIESCENT -> endedAt = Math.min(endedAt, now);
            case GAVE_UP -> {
                endedAt = Math.min(endedAt, now);
                gaveUp = event.text();
            }
            default -> {}
        }
    }

    private void tenureEnds(Event event) {
        Tenures its = tenures.get(event.shard());
        if (its != null) {
            its.ends(event.process(), event.nanos());
        }
    }

    private void crowdedSince(long now, boolean crowded) {
        if (crowded) {
            this.crowded.add(aliveAt == 0 ? now : aliveAt, now);
        }
        aliveAt = now;
    }

    /** When the machine had many more threads to run than processors. */
    SpanSet crowded() {
        return crowded;
    }

    /** How long a process may be silent before it stood still. */
    private long patience() {
        return setting("lease") / 2;
    }

    /** How long an answer of the store takes that counts for nothing. */
    private long moment() {
        return setting("lease") / 16;
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

    /** Whether the destination was deleted not long before a time. */
    boolean recreatedBefore(long nanos) {
        Long at = deletions.floor(nanos);
        return at != null && nanos - at <= setting("recovery");
    }

    /** The times after the destination was deleted, until its members must have learned of it. */
    SpanSet recreated() {
        SpanSet times = new SpanSet();
        deletions.forEach(at -> times.add(at, at + setting("recovery")));
        return times;
    }

    /** When messages that were lost with the destination may have been confirmed: since the run had caught up before. */
    SpanSet lostWithTheDestination() {
        SpanSet times = new SpanSet();
        for (long at : deletions) {
            Long caught = caughtUp.floor(at);
            times.add(caught == null ? first : caught, at);
        }
        return times;
    }

    /** Whether a message may have lain on the broker when its destination was deleted, and not been handled by then. */
    boolean deletedWith(Message message) {
        Long deletion = deletions.ceiling(message.confirmedTryAt);
        return deletion != null
                && caughtUp.subSet(message.confirmedAt, true, deletion, true).isEmpty();
    }

    /** When the driver first said that all is handled, after a time; null if it never did. */
    @Nullable
    Long caughtUpAfter(long nanos) {
        return caughtUp.ceiling(nanos);
    }

    StoreMemory memory() {
        return memory;
    }

    /** Whether so much time passed on the store's clock between two times; what is not set never passes. */
    boolean passed(String setting, long from, long to) {
        return setting(setting) > 0 && to - from + memory.clockMoved(from, to) >= setting(setting);
    }

    /**
     * Whether the history shows why a claim may not have been renewed since its owner was last answered: the process stood still, it waited
     * long for an answer of the store, the shard that brought the message left it, its handler ran too long, or the store's clock was
     * moved. What was over when the claim was last prolonged shows nothing, and a process that asks the store for nothing has no excuse.
     */
    boolean leaseMayLapse(Message message, Grant grant, long to) {
        long from = grant.extendedAt;
        Incarnation its = incarnation(grant.process);
        return its.stoodStill(from, to)
                || its.store.waits().within(from, to) >= patience()
                || passed("handlerTimeout", from, to)
                || memory.clockMoved(from, to) > 0
                || shardLeft(message, grant, to);
    }

    /** The engine may hear of it later than the history, so it may be told to be renewed once more after it. */
    private boolean shardLeft(Message message, Grant grant, long to) {
        Incarnation its = incarnation(grant.process);
        long since = grant.extendedAt - setting("recovery");
        return its.leavings.stream()
                .filter(each -> each.from >= since && each.from <= to && message.cameBy(grant.process, each.place))
                .anyMatch(each -> each.letsGo(grant, its.deadBy(to), to, patience()));
    }

    /** Whether the shard that brought a message has left the process that holds its claim, by a time and since about when it asked for it. */
    boolean leftBy(Message message, Grant grant, long to) {
        return incarnation(grant.process).leavings.stream()
                .filter(each -> message.cameBy(grant.process, each.place))
                .map(each -> each.lost ? each.from : each.to)
                .anyMatch(left -> left >= grant.askedAt - patience() && left <= to);
    }

    /** When a process may have been kept from the broker, by what was done to one of them or between them. */
    SpanSet keptFromBroker(String process) {
        return keptFromBroker.computeIfAbsent(process, faults::keepFromBroker);
    }

    /** When a process could not be told what the broker had given away: it was kept from it and heard nothing of it, or stood still. */
    SpanSet couldNotBeTold(String process) {
        return couldNotBeTold.computeIfAbsent(
                process,
                name -> new SpanSet()
                        .addAll(keptFromBroker(name).and(incarnation(name).silences()))
                        .addAll(incarnation(name).standstills()));
    }

    boolean keptFromBroker(String process, long from, long to) {
        return keptFromBroker(process).touches(from, to);
    }

    /** A crowded broker may confirm some messages and still fall behind, and takes longer to recover. */
    private SpanSet disturbsPublishing() {
        long lease = setting("lease");
        SpanSet causes = disturbed.widened(0, lease).addAll(crowded);
        SpanSet whateverIsConfirmed =
                disturbed.widened(0, lease * 5 / 2).and(crowded).addAll(disturbed.edges(patience() / 2));
        return publishing.disturbed(causes, whateverIsConfirmed, patience());
    }

    /** When publishing may have been disturbed. */
    SpanSet keptFromPublishing() {
        return keptFromPublishing;
    }

    /** Whether a message of a key had an unknown outcome then. */
    boolean blocked(String key, Span span) {
        return publishing.blocked(key, span);
    }

    /** When something was done to the broker or the destination, for everybody. */
    SpanSet disturbed() {
        return disturbed;
    }

    /** When a shard may have brought nothing new, for a fault of the broker or a cause in its holder, whose source brought nothing at all then. */
    SpanSet mayBeSilent(String shard) {
        return mayBeSilent.computeIfAbsent(shard, name -> tenures(name).mayBeSilent(this));
    }

    Tenures tenures(String shard) {
        return tenures.computeIfAbsent(shard, name -> new Tenures());
    }

    /**
     * When an acknowledgement that a process gave may not have reached the broker: the process was kept from it or stood still then, or
     * soon after; or it had been kept from it half a lease before, or a lease before if its source is silent; or the broker went down
     * before it had to have written what it was given to its disk.
     */
    SpanSet acknowledgementsMayBeLost(String process) {
        return acknowledgementsMayBeLost.computeIfAbsent(process, name -> {
            Incarnation its = incarnation(name);
            SpanSet kept = keptFromBroker(name);
            return kept.widened(0, setting("lease"))
                    .and(its.silences())
                    .addAll(kept.widened(0, patience()))
                    .addAll(its.standstills())
                    .widened(patience(), 0)
                    .addAll(faults.brokerDown().widened(setting("positionsWritten"), patience()));
        });
    }

    Set<String> shards() {
        return tenures.keySet();
    }

    /** How much of the time between two the one that publishes, and the driver that writes down what becomes of it, did not stand still. */
    long awake(String publisher, long from, long to) {
        SpanSet still = new SpanSet()
                .addAll(incarnation(DRIVER).heldUp())
                .addAll(incarnation(publisher).heldUp());
        return still.outside(from, to);
    }

    long first() {
        return first;
    }
}
