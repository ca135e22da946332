package io.oncemq.core.publish;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.KeysBlocked;
import io.oncemq.MessagingEvent.KeysUnblocked;
import io.oncemq.spi.OutboundFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys that wait for a decision about messages whose outcome is unknown. A blocked key takes its first unresolved id only,
 * published again; within a {@link Recovery} the others behind it as well, each once all unresolved ones before it are on their way.
 * Ids without a key block nothing, but are remembered, so that a later no is not taken for certain. Thread-safe; the sender writes,
 * any thread may abandon, or hold what it republishes.
 */
final class Freezes {
    /** So many blocked keys, of some 300 bytes each, are kept; beyond it no key that is not blocked takes a message. */
    static final int MOST_KEYS = 100_000;

    /** So many ids without a key are remembered, the newest. */
    static final int MOST_UNKEYED = 100_000;

    /** What becomes of a newly published message. */
    enum Admission {
        FREE,
        /** It resolves an unresolved id of its key if the broker confirms it. */
        REPUBLISH,
        FROZEN,
        /** Too many keys are blocked for another one. */
        FULL
    }

    private record Id(String destination, String id) {}

    private final Map<Slot, Frozen> frozen = new HashMap<>();
    /** The keys in which an id is unresolved, nearly always one. */
    private final Map<Id, List<Slot>> slots = new HashMap<>();

    private final Map<String, Integer> keys = new HashMap<>();
    private final Map<String, Integer> told = new HashMap<>();
    private final Set<Id> unkeyed = new LinkedHashSet<>();
    private volatile boolean any;
    private volatile boolean anyUnkeyed;
    private volatile boolean untold;

    /** Whether a key is blocked. */
    boolean any() {
        return any;
    }

    /** Whether an id is held as unknown, with a key or without. */
    boolean anyUnknown() {
        return any || anyUnkeyed;
    }

    synchronized int keys(String destination) {
        return keys.getOrDefault(destination, 0);
    }

    /** Keeps blocked keys for the messages of a recovery until all of them have come. */
    synchronized void reserve(Recovery recovery) {
        for (Slot slot : recovery.slots()) {
            Frozen keyState = frozen.get(slot);
            if (keyState != null && keyState.reservedBy == null) {
                keyState.reservedBy = recovery;
            }
        }
    }

    /** No more messages of the recovery come. */
    synchronized void release(Recovery recovery) {
        recovery.slots().forEach(slot -> release(slot, recovery));
    }

    /** A message of a recovery has come, or will not come. */
    synchronized void passed(Slot slot, Recovery recovery) {
        if (recovery.passed(slot)) {
            release(slot, recovery);
        }
    }

    private void release(Slot slot, Recovery recovery) {
        Frozen keyState = frozen.get(slot);
        if (keyState != null && keyState.reservedBy == recovery) {
            keyState.reservedBy = null;
            unblockIfResolved(slot, keyState);
        }
    }

    private void unblockIfResolved(Slot slot, Frozen keyState) {
        if (keyState.unresolved.isEmpty() && keyState.reservedBy == null) {
            frozen.remove(slot);
            any = !frozen.isEmpty();
            count(slot, -1);
        }
    }

    /** Takes note of a republish: outside of a recovery the key takes no other message until it has ended. */
    synchronized Admission admit(Slot slot, Entry entry, String id) {
        Recovery recovery = entry.recovery;
        Frozen keyState = frozen.get(slot);
        Admission admission;
        if (recovery != null && recovery.isBroken(slot)) {
            admission = Admission.FROZEN;
        } else if (keyState == null) {
            admission = frozen.size() < MOST_KEYS ? Admission.FREE : Admission.FULL;
        } else if (recovery == null) {
            admission = keyState.admit(id);
        } else {
            admission = keyState.admit(id, entry.order, recovery);
        }
        Unresolved same = keyState == null ? null : keyState.unresolved.get(id);
        if (same != null) {
            entry.order = same.order;
        }
        return admission;
    }

    /** Whether the id is held as unknown. */
    synchronized boolean holds(OutboundFrame frame) {
        Slot slot = Slot.of(frame);
        if (slot == null) {
            return unkeyed.contains(new Id(frame.destination(), frame.id()));
        }
        Frozen keyState = frozen.get(slot);
        return keyState != null && keyState.unresolved.containsKey(frame.id());
    }

    /** Blocks the key, or adds to its unresolved ids at the place that the order of publishing gives it. */
    synchronized void hold(OutboundFrame frame, long order) {
        Slot slot = Slot.of(frame);
        if (slot == null) {
            remember(new Id(frame.destination(), frame.id()));
            return;
        }
        Frozen keyState = frozen.get(slot);
        if (keyState == null) {
            keyState = new Frozen();
            frozen.put(slot, keyState);
            count(slot, 1);
        }
        if (keyState.add(new Unresolved(frame.id(), order))) {
            slots.merge(new Id(frame.destination(), frame.id()), List.of(slot), Freezes::both);
        }
        any = true;
    }

    private void remember(Id id) {
        unkeyed.add(id);
        if (unkeyed.size() > MOST_UNKEYED) {
            Iterator<Id> oldest = unkeyed.iterator();
            oldest.next();
            oldest.remove();
        }
        anyUnkeyed = true;
    }

    /** A republish has ended without a confirmation: its id may be published once more. */
    synchronized void stillUnresolved(Slot slot, String id) {
        Frozen keyState = frozen.get(slot);
        if (keyState != null) {
            keyState.stillUnresolved(id);
        }
    }

    /** A message that was held as unknown is confirmed. */
    synchronized void resolved(OutboundFrame frame) {
        Slot slot = Slot.of(frame);
        if (slot == null) {
            unkeyed.remove(new Id(frame.destination(), frame.id()));
            anyUnkeyed = !unkeyed.isEmpty();
            return;
        }
        Frozen keyState = frozen.get(slot);
        if (keyState != null && keyState.forget(frame.id())) {
            slots.computeIfPresent(new Id(frame.destination(), frame.id()), (id, all) -> without(slot, all));
            unblockIfResolved(slot, keyState);
        }
    }

    private static List<Slot> both(List<Slot> some, List<Slot> others) {
        List<Slot> all = new ArrayList<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    private static @Nullable List<Slot> without(Slot one, List<Slot> all) {
        List<Slot> left = all.stream().filter(slot -> !slot.equals(one)).toList();
        return left.isEmpty() ? null : left;
    }

    /** Gives an id up, whichever key it has. @return whether it was held */
    synchronized boolean abandon(String destination, String id) {
        List<Slot> held = slots.remove(new Id(destination, id));
        if (held == null) {
            return false;
        }
        for (Slot slot : held) {
            Frozen keyState = Objects.requireNonNull(frozen.get(slot));
            keyState.forget(id);
            unblockIfResolved(slot, keyState);
        }
        return true;
    }

    private void count(Slot slot, int change) {
        keys.merge(slot.destination(), change, (before, by) -> before + by == 0 ? null : before + by);
        untold = true;
    }

    /** Tells of destinations whose first key was blocked, whose blocked keys have doubled, or whose last key was unblocked. */
    void tell(Consumer<MessagingEvent> events) {
        if (untold) {
            news().forEach(events);
        }
    }

    private synchronized List<MessagingEvent> news() {
        untold = false;
        List<MessagingEvent> news = new ArrayList<>();
        keys.forEach((destination, now) -> {
            int before = told.getOrDefault(destination, 0);
            if (now >= Math.max(1, 2 * before)) {
                told.put(destination, now);
                news.add(new KeysBlocked(destination, now));
            }
        });
        Iterator<String> before = told.keySet().iterator();
        while (before.hasNext()) {
            String destination = before.next();
            if (!keys.containsKey(destination)) {
                before.remove();
                news.add(new KeysUnblocked(destination));
            }
        }
        return news;
    }

    private record Unresolved(String id, long order) implements Comparable<Unresolved> {
        @Override
        public int compareTo(Unresolved other) {
            int byOrder = Long.compare(order, other.order);
            return byOrder != 0 ? byOrder : id.compareTo(other.id);
        }
    }

    private static final class Frozen {
        private final Map<String, Unresolved> unresolved = new HashMap<>(2);
        /** Those that are not being published again. */
        private final TreeSet<Unresolved> waiting = new TreeSet<>();

        private @Nullable Recovery reservedBy;

        Admission admit(String id) {
            boolean republishing = waiting.size() < unresolved.size();
            if (reservedBy != null || republishing || !waiting.first().id.equals(id)) {
                return Admission.FROZEN;
            }
            waiting.remove(waiting.first());
            return Admission.REPUBLISH;
        }

        /** Of a recovery: whatever is unresolved and was published before it must be on its way. */
        Admission admit(String id, long order, Recovery recovery) {
            if (reservedBy != null && reservedBy != recovery) {
                return Admission.FROZEN;
            }
            Unresolved same = unresolved.get(id);
            if (same != null) {
                boolean first = !waiting.isEmpty() && waiting.first().equals(same);
                return first && waiting.remove(same) ? Admission.REPUBLISH : Admission.FROZEN;
            }
            return waiting.isEmpty() || waiting.first().order > order ? Admission.FREE : Admission.FROZEN;
        }

        /** @return false if it was unresolved before */
        boolean add(Unresolved one) {
            if (unresolved.putIfAbsent(one.id, one) != null) {
                return false;
            }
            return waiting.add(one);
        }

        void stillUnresolved(String id) {
            Unresolved one = unresolved.get(id);
            if (one != null) {
                waiting.add(one);
            }
        }

        boolean forget(String id) {
            Unresolved one = unresolved.remove(id);
            if (one != null) {
                waiting.remove(one);
            }
            return one != null;
        }
    }
}
