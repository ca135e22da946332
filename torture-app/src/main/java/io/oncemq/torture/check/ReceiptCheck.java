package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows each received message until its acknowledgement. Finds those acknowledged before their process was told that they are settled (DONE was
 * answered to its COMPLETE or its claim, or the dead letter's end was), those that lie unacknowledged at the end, and more of them in flight than
 * allowed. Settled messages may wait for their acknowledgement behind one that is not, and do not count; nor do those of a shard that is being
 * given away: what has not begun is let go at once, and how many have begun is bounded by itself.
 *
 * <p>It sees what the engine told the source to acknowledge; whether the broker got it does not matter. Of two copies of one
 * message in one process, the second one counts as settled with the first. A message is lying at the end if its process lives and holds
 * the shard and got it more than two leases before; what it got later is not judged here, but is lost if nobody handled it.
 */
final class ReceiptCheck implements Check {
    private final Map<String, Map<Place, NavigableMap<Long, Receipt>>> byProcess = new HashMap<>();
    /** By process: the messages that it holds and has not settled, and how many copies of each. */
    private final Map<String, Map<Message, Integer>> unsettled = new HashMap<>();

    private final Map<String, Long> inFlight = new HashMap<>();
    private final Frame frame;
    private final Anomalies anomalies;
    private boolean ended;

    ReceiptCheck(Frame frame, Anomalies anomalies) {
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
            case STORE_ANSWERED -> {
                if (message != null && message.settledBy.contains(event.process())) {
                    Integer copies = unsettled(event.process()).remove(message);
                    inFlight.merge(event.process(), copies == null ? 0L : -copies, Long::sum);
                }
            }
            case ACKNOWLEDGED -> acknowledged(event);
            case REVOKING -> letGo(event.process(), places(event.process()).get(Place.of(event)));
            case REVOKED, LOST -> letGo(event.process(), places(event.process()).remove(Place.of(event)));
            case KILLING, DEAD -> {
                byProcess.remove(Frame.firstWord(event.text()));
                inFlight.remove(Frame.firstWord(event.text()));
                unsettled.remove(Frame.firstWord(event.text()));
            }
            case QUIESCENT, GAVE_UP -> atTheEnd(event);
            default -> {}
        }
    }

    long inFlight() {
        return inFlight.values().stream().mapToLong(Long::longValue).sum();
    }

    private Map<Place, NavigableMap<Long, Receipt>> places(String process) {
        return byProcess.computeIfAbsent(process, name -> new HashMap<>());
    }

    private void received(Event event, Message message) {
        NavigableMap<Long, Receipt> open =
                places(event.process()).computeIfAbsent(Place.of(event), place -> new TreeMap<>());
        if (open.put(event.tag(), new Receipt(message, event.nanos())) != null) {
            return;
        }
        if (message.settledBy.contains(event.process())) {
            return;
        }
        unsettled(event.process()).merge(message, 1, Integer::sum);
        long count = inFlight.merge(event.process(), 1L, Long::sum);
        long bound = frame.setting("maxInFlight");
        if (bound > 0 && count > bound) {
            String text = "is number " + count + " in flight, " + bound + " are allowed";
            anomalies.add(Rule.BOUND, message, event.process(), event.nanos(), text);
        }
    }

    private void acknowledged(Event event) {
        NavigableMap<Long, Receipt> open = places(event.process()).get(Place.of(event));
        if (open == null) {
            return;
        }
        while (!open.isEmpty() && open.firstKey() <= event.tag()) {
            acknowledged(event, open.pollFirstEntry().getValue());
        }
        if (!event.text().isEmpty()) {
            for (String tag : event.text().split(" ")) {
                Receipt receipt = open.remove(Long.parseLong(tag));
                if (receipt != null) {
                    acknowledged(event, receipt);
                }
            }
        }
    }

    private Map<Message, Integer> unsettled(String process) {
        return unsettled.computeIfAbsent(process, name -> new HashMap<>());
    }

    /** A copy is held no longer. */
    private void goes(String process, Message message) {
        Map<Message, Integer> held = unsettled(process);
        Integer copies = held.get(message);
        if (copies != null) {
            held.merge(message, -1, (now, less) -> now + less == 0 ? null : now + less);
            inFlight.merge(process, -1L, Long::sum);
        }
    }

    private void acknowledged(Event event, Receipt receipt) {
        goes(event.process(), receipt.message);
        Message message = receipt.message;
        if (!message.settledBy.contains(event.process())) {
            String text = "was acknowledged before it was settled";
            anomalies.add(Rule.PREMATURE_ACK, message, event.process(), event.nanos(), text);
        }
    }

    private void letGo(String process, @Nullable NavigableMap<Long, Receipt> receipts) {
        if (receipts != null) {
            receipts.values().forEach(receipt -> goes(process, receipt.message));
        }
    }

    private void atTheEnd(Event event) {
        if (ended) {
            return;
        }
        ended = true;
        long old = event.nanos() - 2 * frame.setting("lease");
        byProcess.forEach((process, places) -> {
            if (!frame.incarnation(process).deadBy(event.nanos())) {
                places.values().forEach(open -> lying(process, open.values(), old, event.nanos()));
            }
        });
    }

    /** What is settled and waits behind one that is not is no finding of its own: a log is acknowledged in order. */
    private void lying(String process, Collection<Receipt> receipts, long old, long now) {
        boolean behindAnother = false;
        for (Receipt receipt : receipts) {
            boolean settled = receipt.message.settledBy.contains(process);
            if (receipt.nanos <= old && !(settled && behindAnother)) {
                receipt.message.stuck = true;
                String text = "lies there for " + (now - receipt.nanos) / 1_000_000 + " ms";
                anomalies.add(Rule.STUCK_LANE, receipt.message, process, now, text);
            }
            behindAnother |= !settled;
        }
    }

    private record Receipt(Message message, long nanos) {}
}
