package io.oncemq.rocket;

import io.oncemq.spi.PublishListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Reports destinations to which a broker has answered with nothing but its flow control for a while: it is too busy, or takes nothing at the moment.
 * A broker that turns away some messages and stores others is not reported. Thread-safe.
 */
final class FlowControl {
    /** For so long a broker may turn messages away before it is reported. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** After this time without such an answer no message is published there any more, or the broker is unreachable. */
    static final Duration QUIET = Duration.ofMinutes(1);

    private record Place(String destination, String broker) {}

    private static final class Busy {
        private final long since;
        private long last;
        private boolean reported;

        private Busy(long since) {
            this.since = since;
        }
    }

    private final PublishListener listener;
    private final LongSupplier ticker;
    private final Map<Place, Busy> busy = new ConcurrentHashMap<>();

    /** @param ticker nanoseconds, such as {@code System::nanoTime} */
    FlowControl(PublishListener listener, LongSupplier ticker) {
        this.listener = listener;
        this.ticker = ticker;
    }

    /** A message was turned away. @param reason in the broker's words */
    synchronized void turnedAway(String destination, String broker, String reason) {
        long now = ticker.getAsLong();
        Busy found = busy.computeIfAbsent(new Place(destination, broker), place -> new Busy(now));
        found.last = now;
        if (!found.reported && now - found.since >= PATIENCE.toNanos()) {
            found.reported = true;
            listener.blocked(destination, broker + ": " + reason);
        }
    }

    /** The broker has taken a message. Cheap while none was turned away. */
    void taken(String destination, String broker) {
        if (!busy.isEmpty()) {
            end(new Place(destination, broker));
        }
    }

    /** Called every second or so. */
    synchronized void tick() {
        long now = ticker.getAsLong();
        busy.forEach((place, found) -> {
            if (now - found.last >= QUIET.toNanos()) {
                end(place);
            }
        });
    }

    private synchronized void end(Place place) {
        Busy ended = busy.remove(place);
        if (ended != null && ended.reported && !isReported(place.destination)) {
            listener.unblocked(place.destination);
        }
    }

    private boolean isReported(String destination) {
        return busy.entrySet().stream()
                .anyMatch(each -> each.getKey().destination.equals(destination) && each.getValue().reported);
    }
}
