package io.oncemq.core.publish;

import io.oncemq.spi.OutboundFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Messages that are published again together, each key's in the order of its first publishing. Of a key of which one is not taken, or
 * fails, none behind it is taken either. Thread-safe.
 */
final class Recovery {
    private final Map<Slot, Integer> expected = new HashMap<>();
    private final Set<Slot> broken = ConcurrentHashMap.newKeySet();

    Recovery(List<OutboundFrame> frames) {
        for (OutboundFrame frame : frames) {
            Slot slot = Slot.of(frame);
            if (slot != null) {
                expected.merge(slot, 1, Integer::sum);
            }
        }
    }

    /** The keys of which messages are still to come. Guarded by {@link Freezes}. */
    Set<Slot> slots() {
        return expected.keySet();
    }

    /** One message of the key has come. Guarded by {@link Freezes}. @return whether it was the last */
    boolean passed(Slot slot) {
        return expected.merge(slot, -1, (left, one) -> left + one > 0 ? left + one : null) == null;
    }

    void breakAt(Slot slot) {
        broken.add(slot);
    }

    boolean isBroken(Slot slot) {
        return broken.contains(slot);
    }
}
