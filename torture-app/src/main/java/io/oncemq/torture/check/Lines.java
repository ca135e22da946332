package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each process has received and not settled, key by key in the order in which it came, of the shards that stay with it. A message is settled
 * when its process was told so, or has acknowledged it.
 */
final class Lines {
    /** Learns what is at the head of its key now. */
    interface Listener {
        void heads(Entry entry, long now);
    }

    private final Map<String, Map<String, Deque<Entry>>> byProcess = new HashMap<>();
    private final Map<String, Map<Place, Map<Long, Entry>>> places = new HashMap<>();
    private final Set<Gone> gone = new HashSet<>();
    private Listener listener = (entry, now) -> {};

    void listen(Listener its) {
        listener = its;
    }

    void see(Event event, @Nullable Message message) {
        switch (event.kind()) {
            case RECEIVED -> {
                if (message != null) {
                    received(event, message);
                }
            }
            case STORE_ANSWERED -> {
                if (message != null && settles(event.text())) {
                    settled(event, message);
                }
            }
            case ACKNOWLEDGED -> acknowledged(event);
            case REVOKING, REVOKED, LOST -> leave(event);
            case KILLING, DEAD -> {
                byProcess.remove(Frame.firstWord(event.text()));
                places.remove(Frame.firstWord(event.text()));
            }
            default -> {}
        }
    }

    /** The first of a key in a process; null if there is none. */
    @Nullable
    Entry head(String process, String key) {
        Deque<Entry> line = byProcess.getOrDefault(process, Map.of()).get(key);
        return line == null ? null : line.peekFirst();
    }

    /** A message that waits in a process; the first of its copies. */
    @Nullable
    Entry find(String process, Message message) {
        for (Entry each : line(process, message)) {
            if (each.message == message) {
                return each;
            }
        }
        return null;
    }

    private Collection<Entry> line(String process, Message message) {
        Deque<Entry> line = byProcess.getOrDefault(process, Map.of()).get(message.key);
        return line == null ? List.of() : line;
    }

    private Map<Place, Map<Long, Entry>> places(String process) {
        return places.computeIfAbsent(process, name -> new HashMap<>());
    }

    /** Messages of a shard that is leaving are dropped. */
    private void received(Event event, Message message) {
        if (message.key.isEmpty() || gone.contains(new Gone(event.process(), Place.of(event)))) {
            return;
        }
        Map<Long, Entry> there = places(event.process()).computeIfAbsent(Place.of(event), place -> new HashMap<>());
        if (there.containsKey(event.tag())) {
            return;
        }
        Entry entry = new Entry(event.process(), message, Place.of(event), event.tag());
        there.put(event.tag(), entry);
        Deque<Entry> line = byProcess
                .computeIfAbsent(event.process(), name -> new HashMap<>())
                .computeIfAbsent(message.key, key -> new ArrayDeque<>(2));
        line.add(entry);
        if (line.peekFirst() == entry) {
            listener.heads(entry, event.nanos());
        }
    }

    private static boolean settles(String text) {
        return switch (text) {
            case "CLAIM DONE", "CLAIM DEAD_LETTERED", "CLAIM PARKED" -> true;
            default ->
                (text.startsWith("COMPLETE ") || text.startsWith("DEAD_LETTERED ")) && !text.endsWith(" UNKNOWN");
        };
    }

    private void settled(Event event, Message message) {
        Entry entry = find(event.process(), message);
        if (entry != null) {
            remove(entry, event.nanos());
        }
    }

    private void acknowledged(Event event) {
        Map<Long, Entry> there = places(event.process()).get(Place.of(event));
        if (there == null) {
            return;
        }
        List<Entry> through =
                there.values().stream().filter(each -> each.tag <= event.tag()).toList();
        through.forEach(each -> remove(each, event.nanos()));
        for (String tag : event.text().isEmpty() ? new String[0] : event.text().split(" ")) {
            Entry entry = there.get(Long.parseLong(tag));
            if (entry != null) {
                remove(entry, event.nanos());
            }
        }
    }

    private void leave(Event event) {
        gone.add(new Gone(event.process(), Place.of(event)));
        Map<Long, Entry> there = places(event.process()).remove(Place.of(event));
        if (there != null) {
            List.copyOf(there.values()).forEach(each -> remove(each, event.nanos()));
        }
    }

    private void remove(Entry entry, long now) {
        Map<Long, Entry> there = places(entry.process).get(entry.place);
        if (there != null) {
            there.remove(entry.tag);
        }
        entry.left = true;
        Map<String, Deque<Entry>> lines = byProcess.getOrDefault(entry.process, Map.of());
        Deque<Entry> line = lines.get(entry.message.key);
        if (line == null) {
            return;
        }
        boolean first = line.peekFirst() == entry;
        line.remove(entry);
        if (line.isEmpty()) {
            lines.remove(entry.message.key);
        } else if (first) {
            listener.heads(line.getFirst(), now);
        }
    }

    private record Gone(String process, Place place) {}

    /** One copy of a message in one process. */
    static final class Entry {
        final String process;
        final Message message;
        final Place place;
        final long tag;
        boolean left;

        private Entry(String process, Message message, Place place, long tag) {
            this.process = process;
            this.message = message;
            this.place = place;
            this.tag = tag;
        }
    }
}
