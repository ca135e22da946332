package io.oncemq.core.publish;

import io.oncemq.spi.OutboundFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that wait for a decision about messages whose outcome is unknown. A frozen key takes one message only: its first
 * unresolved id, published again. Thread-safe; the sender writes, any thread may abandon.
 */
final class Freezes {
    /** What becomes of a newly published message. */
    enum Admission {
        FREE,
        /** It resolves the first unresolved id of its key if the broker confirms it. */
        REPUBLISH,
        FROZEN
    }

    private final Map<Slot, Frozen> frozen = new HashMap<>();
    private volatile boolean any;

    boolean any() {
        return any;
    }

    /** Takes note of a republish: the key takes no other message until it has ended. */
    synchronized Admission admit(String destination, String key, String id) {
        Frozen keyState = frozen.get(new Slot(destination, key));
        if (keyState == null) {
            return Admission.FREE;
        }
        if (keyState.republishing || !keyState.unresolved.get(0).id.equals(id)) {
            return Admission.FROZEN;
        }
        keyState.republishing = true;
        return Admission.REPUBLISH;
    }

    /** Whether the id is held as unknown. */
    synchronized boolean holds(OutboundFrame frame) {
        String key = frame.key();
        Frozen keyState = key == null ? null : frozen.get(new Slot(frame.destination(), key));
        return keyState != null && keyState.indexOf(frame.id()) >= 0;
    }

    /** Freezes a key, or adds to its unresolved ids at the place that the order of publishing gives it. */
    synchronized void hold(String destination, String key, String id, long sequence) {
        Frozen keyState = frozen.computeIfAbsent(new Slot(destination, key), slot -> new Frozen());
        if (keyState.indexOf(id) < 0) {
            keyState.insert(new Unresolved(id, sequence));
        }
        any = true;
    }

    /** A republish has ended without a confirmation: its id may be published once more. */
    synchronized void stillUnresolved(String destination, String key) {
        Frozen keyState = frozen.get(new Slot(destination, key));
        if (keyState != null) {
            keyState.republishing = false;
        }
    }

    /** A republish was confirmed. */
    synchronized void resolved(String destination, String key, String id) {
        Slot slot = new Slot(destination, key);
        Frozen keyState = frozen.get(slot);
        if (keyState == null) {
            return;
        }
        keyState.republishing = false;
        if (keyState.forget(id) && keyState.unresolved.isEmpty()) {
            frozen.remove(slot);
        }
        any = !frozen.isEmpty();
    }

    /** Gives an id up, whichever key it has. @return whether it was held */
    synchronized boolean abandon(String destination, String id) {
        boolean held = false;
        Iterator<Map.Entry<Slot, Frozen>> all = frozen.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Slot, Frozen> one = all.next();
            if (one.getKey().destination().equals(destination) && one.getValue().forget(id)) {
                held = true;
                if (one.getValue().unresolved.isEmpty()) {
                    all.remove();
                }
            }
        }
        any = !frozen.isEmpty();
        return held;
    }

    private record Unresolved(String id, long sequence) {}

    private static final class Frozen {
        private final List<Unresolved> unresolved = new ArrayList<>(1);
        private boolean republishing;

        int indexOf(@Nullable String id) {
            for (int i = 0; i < unresolved.size(); i++) {
                if (unresolved.get(i).id.equals(id)) {
                    return i;
                }
            }
            return -1;
        }

        void insert(Unresolved one) {
            int place = unresolved.size();
            while (place > 0 && unresolved.get(place - 1).sequence > one.sequence) {
                place--;
            }
            unresolved.add(place, one);
        }

        boolean forget(String id) {
            int place = indexOf(id);
            if (place >= 0) {
                unresolved.remove(place);
            }
            return place >= 0;
        }
    }
}
