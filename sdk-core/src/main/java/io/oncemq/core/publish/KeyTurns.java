package io.oncemq.core.publish;

import io.oncemq.spi.OutboundFrame;
import io.oncemq.spi.PublishOrder;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One unconfirmed message per key, for brokers that may refuse one and store the next. The first open message of a key has
 * its turn; the others stand in line behind it. Used by the sender thread only.
 */
final class KeyTurns {
    private final boolean needed;
    private final Map<Slot, Line> lines = new HashMap<>();
    private final ArrayDeque<Entry> ready = new ArrayDeque<>();

    KeyTurns(PublishOrder order) {
        this.needed = order == PublishOrder.ONE_PER_KEY;
    }

    /** Whether at most one message of a key is handed over at a time. */
    boolean areNeeded() {
        return needed;
    }

    void enter(Entry entry, OutboundFrame frame) {
        String key = frame.key();
        if (!needed || key == null) {
            return;
        }
        entry.tracked = true;
        Line line = lines.computeIfAbsent(new Slot(frame.destination(), key), slot -> new Line(entry));
        if (line.last != entry) {
            line.last.behind = entry;
            line.last = entry;
        }
    }

    boolean mayGo(OutboundFrame frame, Entry entry) {
        String key = frame.key();
        if (!needed || key == null) {
            return true;
        }
        Line line = lines.get(new Slot(frame.destination(), key));
        return line == null || line.first == entry;
    }

    /** If the message had its turn, the next open one of its key has it now, and is ready. */
    void leave(OutboundFrame frame, Entry entry) {
        String key = frame.key();
        if (!needed || key == null) {
            return;
        }
        Slot slot = new Slot(frame.destination(), key);
        Line line = lines.get(slot);
        if (line == null || line.first != entry) {
            return;
        }
        Entry first = cutOff(entry);
        while (first != null && first.isFinished()) {
            first = cutOff(first);
        }
        if (first == null) {
            lines.remove(slot);
        } else {
            line.first = first;
            ready.add(first);
        }
    }

    /** Unlinks a finished message: a future that the application keeps must not keep all later ones of its key. */
    private static @Nullable Entry cutOff(Entry finished) {
        Entry behind = finished.behind;
        finished.behind = null;
        return behind;
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    Entry takeReady() {
        return ready.remove();
    }

    private static final class Line {
        private Entry first;
        private Entry last;

        Line(Entry only) {
            this.first = only;
            this.last = only;
        }
    }
}
