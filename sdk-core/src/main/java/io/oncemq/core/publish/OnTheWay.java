package io.oncemq.core.publish;

import io.oncemq.spi.OutboundFrame;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Which messages of a destination that rests are on their way, by key. It is drawn up once, when the first message of the destination comes
 * back: until it is sent to again their number only falls. So what many returned messages cost is linear. Sender thread only.
 */
final class OnTheWay {
    private final OpenEntries open;
    private final Map<String, Map<Slot, ArrayDeque<Entry>>> byDestination = new HashMap<>();
    private long looked;

    OnTheWay(OpenEntries open) {
        this.open = open;
    }

    /** Whether a message of the same key that was accepted after this one is handed over. */
    boolean isBehind(Entry first, Slot slot) {
        ArrayDeque<Entry> ofKey =
                byDestination.computeIfAbsent(slot.destination(), this::draw).get(slot);
        if (ofKey == null) {
            return false;
        }
        looked++;
        while (!ofKey.isEmpty() && !ofKey.getLast().isHandedOver()) {
            looked++;
            ofKey.removeLast();
        }
        return !ofKey.isEmpty() && ofKey.getLast().sequence > first.sequence;
    }

    /** The destination is sent to. */
    void sent(String destination) {
        if (!byDestination.isEmpty()) {
            byDestination.remove(destination);
        }
    }

    /** How many entries were looked at so far. */
    long looked() {
        return looked;
    }

    private Map<Slot, ArrayDeque<Entry>> draw(String destination) {
        Map<Slot, ArrayDeque<Entry>> keys = new HashMap<>();
        for (long place = open.begin(); place < open.end(); place++) {
            looked++;
            Entry entry = open.get(place);
            OutboundFrame frame = entry.openFrame();
            if (frame == null || !entry.isHandedOver() || !frame.destination().equals(destination)) {
                continue;
            }
            Slot slot = Slot.of(frame);
            if (slot != null) {
                keys.computeIfAbsent(slot, any -> new ArrayDeque<>(1)).add(entry);
            }
        }
        return keys;
    }
}
