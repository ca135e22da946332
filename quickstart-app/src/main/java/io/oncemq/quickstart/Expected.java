package io.oncemq.quickstart;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the input says should come of the run: each id once, with its key and its place among the messages of that key. A
 * repeated id is the same message again. Not thread-safe but for {@link #confirm} and {@link #confirmedIds}.
 */
final class Expected {
    /** A message that should have one effect. */
    record Message(String id, String key, int sequence) {}

    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<Message> messages = new ArrayList<>();
    private final Map<String, Integer> perKey = new HashMap<>();
    private final BitSet confirmed = new BitSet();

    /** Adds a message; false if the id is known with another key. */
    boolean add(String id, String key) {
        Integer known = indexes.get(id);
        if (known != null) {
            return messages.get(known).key().equals(key);
        }
        int sequence = perKey.merge(key, 1, Integer::sum);
        indexes.put(id, messages.size());
        messages.add(new Message(id, key, sequence));
        return true;
    }

    /** The place of the message within its key, from 1; empty if no such message was added. */
    OptionalInt sequence(String id, String key) {
        Integer known = indexes.get(id);
        if (known == null || !messages.get(known).key().equals(key)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(messages.get(known).sequence());
    }

    void confirm(String id) {
        int index = indexes.getOrDefault(id, -1);
        if (index < 0) {
            throw new IllegalArgumentException("confirmed but never published: " + id);
        }
        synchronized (confirmed) {
            confirmed.set(index);
        }
    }

    boolean isConfirmed(String id) {
        int index = indexes.getOrDefault(id, -1);
        synchronized (confirmed) {
            return index >= 0 && confirmed.get(index);
        }
    }

    /** In the order of the input. */
    List<String> confirmedIds() {
        synchronized (confirmed) {
            return confirmed.stream().mapToObj(i -> messages.get(i).id()).toList();
        }
    }

    int messages() {
        return messages.size();
    }

    int keys() {
        return perKey.size();
    }
}
