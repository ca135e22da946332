package io.oncemq.core.publish;

import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PublishingBlocked;
import io.oncemq.MessagingEvent.PublishingUnblocked;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the broker takes no messages at the moment, by its own word. A blocked session is often replaced, since its messages get no answer;
 * the broker is still blocked then, so a blockage outlasts its session until a later one has a message confirmed. Sender thread only.
 */
final class Blockages {
    private record Blockage(Generation by, long since) {}

    private final Consumer<MessagingEvent> events;
    private final LongSupplier ticker;
    /** By destination; null is all of them. */
    private final Map<@Nullable String, Blockage> open = new HashMap<>();

    Blockages(Consumer<MessagingEvent> events, LongSupplier ticker) {
        this.events = events;
        this.ticker = ticker;
    }

    void begin(Generation by, @Nullable String destination, String reason) {
        Blockage before = open.get(destination);
        open.put(destination, new Blockage(by, before == null ? ticker.getAsLong() : before.since));
        if (before == null) {
            events.accept(new PublishingBlocked(destination, reason));
        }
    }

    void end(@Nullable String destination) {
        Blockage ended = open.remove(destination);
        if (ended != null) {
            emit(destination, ended);
        }
    }

    /** Ends what an earlier session has reported, once this one has a message confirmed. */
    void look(Generation current) {
        if (open.isEmpty() || !current.hasProgressed()) {
            return;
        }
        Iterator<Entry<@Nullable String, Blockage>> all = open.entrySet().iterator();
        while (all.hasNext()) {
            Entry<@Nullable String, Blockage> each = all.next();
            if (each.getValue().by != current) {
                all.remove();
                emit(each.getKey(), each.getValue());
            }
        }
    }

    private void emit(@Nullable String destination, Blockage ended) {
        events.accept(new PublishingUnblocked(destination, Duration.ofNanos(ticker.getAsLong() - ended.since)));
    }
}
