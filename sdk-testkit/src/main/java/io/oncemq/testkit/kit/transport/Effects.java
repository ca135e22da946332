package io.oncemq.testkit.kit.transport;

import io.oncemq.Delivery;
import io.oncemq.MessageHandler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What handlers did, as a world outside of OnceMQ would see it: it never deduplicates. Also tells how many handlers ran at
 * once, and whether two ran for one key. Thread-safe.
 */
final class Effects {
    private final List<Effect> effects = new ArrayList<>();
    private final List<Effect> starts = new ArrayList<>();
    private final Map<String, Integer> runningByKey = new LinkedHashMap<>();
    private final Set<String> overlaps = new HashSet<>();
    private int running;
    private int mostRunning;

    /** A handler whose effect counts once {@code work} has returned. */
    MessageHandler<String> by(String consumer, MessageHandler<String> work) {
        return delivery -> {
            begin(effect(consumer, delivery));
            try {
                work.handle(delivery);
                add(effect(consumer, delivery));
            } finally {
                end(delivery.key());
            }
        };
    }

    /** A handler that only has its effect. */
    MessageHandler<String> by(String consumer) {
        return by(consumer, delivery -> {});
    }

    static Effect effect(String consumer, Delivery<String> delivery) {
        return new Effect(
                consumer,
                delivery.id(),
                delivery.key(),
                delivery.body(),
                delivery.attempt(),
                delivery.fencingToken().orElse(-1));
    }

    synchronized void add(Effect effect) {
        effects.add(effect);
    }

    synchronized void begin(Effect start) {
        starts.add(start);
        mostRunning = Math.max(mostRunning, ++running);
        String key = start.key();
        if (key != null && runningByKey.merge(key, 1, Integer::sum) > 1) {
            overlaps.add(key);
        }
    }

    synchronized void end(@org.jspecify.annotations.Nullable String key) {
        running--;
        if (key != null) {
            runningByKey.merge(key, -1, Integer::sum);
        }
    }

    synchronized List<Effect> all() {
        return List.copyOf(effects);
    }

    /** Each start of a handler, those that failed included. */
    synchronized List<Effect> starts() {
        return List.copyOf(starts);
    }

    /** Keys that two handlers worked on at the same time. */
    synchronized Set<String> overlaps() {
        return Set.copyOf(overlaps);
    }

    synchronized int running() {
        return running;
    }

    synchronized int mostRunning() {
        return mostRunning;
    }

    int size() {
        return all().size();
    }

    List<String> ids() {
        return all().stream().map(Effect::id).toList();
    }

    /** The bodies of one key in the order of their first effects. */
    List<String> firstBodies(String key) {
        return all().stream()
                .filter(effect -> key.equals(effect.key()))
                .map(Effect::body)
                .distinct()
                .toList();
    }

    /** Ids with more than one effect. */
    Set<String> repeated() {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        ids().forEach(id -> {
            if (!seen.add(id)) {
                repeated.add(id);
            }
        });
        return repeated;
    }
}
