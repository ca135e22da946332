package io.oncemq.torture.check;

import io.oncemq.torture.history.Event;
import io.oncemq.torture.history.PublishOutcome;
import java.util.HashMap;
import java.util.Map;

/** What the broker confirmed, when it owed an answer, and which keys waited for one. Written by {@link Frame} only. */
final class PublishTraffic {
    private static final long NEVER = Long.MIN_VALUE;

    /** By message: its key while it is being published, and since when its outcome is unknown. */
    private final Map<String, String> keys = new HashMap<>();

    private final Map<String, Long> unresolved = new HashMap<>();
    /** By key: when a message of it had an unknown outcome. */
    private final Map<String, SpanSet> blocked = new HashMap<>();
    /** When the broker owed the publisher an answer for long. */
    private final SpanSet lateAnswers = new SpanSet();
    /** When nothing was confirmed for long. */
    private final SpanSet silences = new SpanSet();

    private long confirmedAt = NEVER;

    void invoked(Event event) {
        keys.put(event.id(), event.key());
    }

    /** @param gap from which on nothing confirmed counts as a silence */
    void ended(Event event, long gap) {
        if (event.text().equals(PublishOutcome.CONFIRMED.name())) {
            confirmed(event.nanos(), gap);
        }
        // A key is blocked from an unknown outcome on, until that message is confirmed or refused.
        if (event.text().equals(PublishOutcome.UNKNOWN.name())) {
            unresolved.putIfAbsent(event.id(), event.nanos());
        } else {
            Long from = unresolved.remove(event.id());
            if (from != null) {
                block(event.id(), from, event.nanos());
            }
            keys.remove(event.id());
        }
    }

    private void confirmed(long now, long gap) {
        if (confirmedAt != NEVER && now - confirmedAt > gap) {
            silences.add(confirmedAt, now);
        }
        confirmedAt = now;
    }

    private void block(String id, long from, long to) {
        blocked.computeIfAbsent(keys.getOrDefault(id, ""), key -> new SpanSet()).add(from, to);
    }

    void answeredLate(Event event) {
        lateAnswers.add(event.nanos() - event.number(), event.nanos());
    }

    /** It stays in the state in which the history leaves it. */
    void ends(long first, long last, long gap) {
        long from = confirmedAt == NEVER ? first : confirmedAt;
        if (last - from > gap) {
            silences.add(from, last);
        }
        unresolved.forEach((id, since) -> block(id, since, last));
    }

    /** Whether a message of a key had an unknown outcome then. */
    boolean blocked(String key, Span span) {
        SpanSet spans = blocked.get(key);
        return spans != null && spans.touches(span.from(), span.to());
    }

    /**
     * When publishing may have been disturbed: nothing was confirmed, and there is a cause or the broker owed an answer for long. Keys that waited
     * meanwhile may be told a little later than the first message is confirmed.
     *
     * @param also added as it is, whatever is confirmed meanwhile
     */
    SpanSet disturbed(SpanSet causes, SpanSet also, long later) {
        return new SpanSet()
                .addAll(causes)
                .addAll(lateAnswers)
                .and(silences.widened(0, later))
                .addAll(also);
    }
}
