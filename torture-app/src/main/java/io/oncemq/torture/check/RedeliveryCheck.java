package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds messages that are received again although they were acknowledged, without a cause.
 *
 * <p>There are three causes. The broker was given the message more than once; as many copies may come. The others need that the shard was
 * assigned since the acknowledgement: under one assignment nothing is brought twice, whatever is done to the broker. The acknowledgement
 * may not have reached the broker: the process that gave it crashed or lost the shard not long after it. Or the process stood still or was
 * kept from the broker within half a lease after it, or was so until a lease before, or the broker went down before it had to have written
 * what it was given, and the shard left the process soon after that: else it would have been given again. An acknowledgement of a message
 * above others that are not acknowledged may be kept back until those are, so there any later end of the assignment counts. For other
 * acknowledgements an orderly handover is not a cause. Or the receiver stood still or was kept from the broker, and had not yet learned
 * that its shard was reassigned to the process that acknowledged the message: its client had fetched it before.
 */
final class RedeliveryCheck implements Check {
    private final Map<String, Map<Place, Tags>> received = new HashMap<>();
    /** By process: since when it has a shard. */
    private final Map<String, Map<Place, Long>> assigned = new HashMap<>();

    private final Map<Message, Ack> acknowledged = new HashMap<>();
    private final Map<Message, Integer> copies = new HashMap<>();
    private final Frame frame;
    private final Anomalies anomalies;

    RedeliveryCheck(Frame frame, Anomalies anomalies) {
        this.frame = frame;
        this.anomalies = anomalies;
    }

    @Override
    public void see(Event event, @Nullable Message message) {
        switch (event.kind()) {
            case RECEIVED -> {
                if (message != null) {
                    received(event, message);
                }
            }
            case ASSIGNED ->
                assigned.computeIfAbsent(event.process(), name -> new HashMap<>())
                        .put(Place.of(event), event.nanos());
            case ACKNOWLEDGED -> acknowledged(event);
            case REVOKED, LOST -> gone(places(event.process()).remove(Place.of(event)));
            case KILLING, DEAD -> {
                Map<Place, Tags> its = received.remove(Frame.firstWord(event.text()));
                if (its != null) {
                    its.values().forEach(this::gone);
                }
                assigned.remove(Frame.firstWord(event.text()));
            }
            default -> {}
        }
    }

    private Map<Place, Tags> places(String process) {
        return received.computeIfAbsent(process, name -> new HashMap<>());
    }

    /** A copy that was not acknowledged comes again: it is no further one. */
    private void gone(@Nullable Tags tags) {
        if (tags != null) {
            tags.copies.forEach((tag, message) -> {
                if (tags.open.containsKey(tag)) {
                    copies.merge(message, -1, Integer::sum);
                }
            });
        }
    }

    private void received(Event event, Message message) {
        Tags tags = places(event.process()).computeIfAbsent(Place.of(event), place -> new Tags());
        tags.open.put(event.tag(), message);
        Ack ack = acknowledged.get(message);
        if (ack == null || !isHeldSince(ack, event) && (isLost(ack, event.nanos()) || wasFetchedBefore(ack, event))) {
            return;
        }
        tags.copies.put(event.tag(), message);
        if (copies.merge(message, 1, Integer::sum) > message.furtherCopies()) {
            String text = "is received again " + (event.nanos() - ack.at) / 1_000_000 + " ms after " + ack.process
                    + " acknowledged it";
            anomalies.add(Rule.REDELIVERED, message, event.process(), event.nanos(), text);
        }
    }

    /** Whether the process has had the shard ever since it acknowledged the message: a broker begins anew with an assignment only. */
    private boolean isHeldSince(Ack ack, Event receipt) {
        return ack.process.equals(receipt.process()) && ack.since == since(ack.process, Place.of(receipt));
    }

    private boolean isLost(Ack ack, long now) {
        Incarnation its = frame.incarnation(ack.process);
        long until = ack.alone ? now : Math.min(now, ack.at + frame.setting("recovery") / 2);
        return its.crashed() && its.deadBy(until)
                || its.leavings.stream()
                        .anyMatch(
                                each -> (each.lost || ack.alone) && each.place.equals(ack.place) && each.from <= until)
                || ack.alone && its.deadBy(now)
                || mayNotHaveArrived(ack, now);
    }

    /** Whether something kept it from the broker, and the shard left the process soon after that: else it was given once more. */
    private boolean mayNotHaveArrived(Ack ack, long now) {
        Span kept = frame.acknowledgementsMayBeLost(ack.process).last(ack.at, ack.alone ? now : ack.at);
        Long left = frame.tenures(ack.place.shard()).endOf(ack.process, ack.at, frame);
        return kept != null && left != null && left <= Math.min(now, kept.to() + frame.setting("recovery") / 2);
    }

    private long since(String process, Place place) {
        return assigned.getOrDefault(process, Map.of()).getOrDefault(place, Long.MAX_VALUE);
    }

    private boolean wasFetchedBefore(Ack ack, Event receipt) {
        boolean isStale = since(receipt.process(), Place.of(receipt)) < ack.since && ack.since <= receipt.nanos();
        return isStale
                && (frame.incarnation(receipt.process()).stoodStill(ack.since, receipt.nanos())
                        || frame.keptFromBroker(receipt.process(), ack.since, receipt.nanos()));
    }

    private void acknowledged(Event event) {
        Tags tags = places(event.process()).get(Place.of(event));
        if (tags == null) {
            return;
        }
        NavigableMap<Long, Message> through = tags.open.headMap(event.tag(), true);
        tags.alone.putAll(through);
        through.clear();
        for (String tag : event.text().isEmpty() ? new String[0] : event.text().split(" ")) {
            Message message = tags.open.remove(Long.parseLong(tag));
            if (message != null) {
                tags.alone.put(Long.parseLong(tag), message);
                remember(event, message, true);
            }
        }
        long lowest = tags.open.isEmpty() ? Long.MAX_VALUE : tags.open.firstKey();
        NavigableMap<Long, Message> joined = tags.alone.headMap(lowest, false);
        joined.values().forEach(message -> remember(event, message, false));
        joined.clear();
    }

    private void remember(Event event, Message message, boolean alone) {
        Place place = Place.of(event);
        acknowledged.put(message, new Ack(event.process(), place, since(event.process(), place), event.nanos(), alone));
    }

    private static final class Tags {
        /** Received though the message had been acknowledged, and counted as further copies. */
        final Map<Long, Message> copies = new HashMap<>();

        final NavigableMap<Long, Message> open = new TreeMap<>();
        /** Acknowledged, though others before them were not. */
        final NavigableMap<Long, Message> alone = new TreeMap<>();
    }

    /**
     * @param since when the process was assigned the shard
     * @param alone whether others that came before it were not acknowledged then
     */
    private record Ack(String process, Place place, long since, long at, boolean alone) {}
}
