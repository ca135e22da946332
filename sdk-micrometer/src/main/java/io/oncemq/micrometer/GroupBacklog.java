package io.oncemq.micrometer;

import io.oncemq.Backlog;
import io.oncemq.Subscription;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What the broker holds for a group. A reading of the gauges never waits for a broker: it shows what was known, and has the broker asked in the
 * background if that is a few seconds old. Who reads nothing asks nothing. Thread-safe.
 */
final class GroupBacklog {
    private static final long MAX_AGE = Duration.ofSeconds(5).toNanos();

    /** @param shards those of the group itself, by their names */
    private record Known(boolean ever, long at, double messages, Map<String, Backlog> shards) {}

    private final Meters meters;
    private final String system;
    private final String destination;
    private final String group;
    private final Supplier<Map<String, Subscription>> readers;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final Set<String> shown = ConcurrentHashMap.newKeySet();
    private volatile Known known = new Known(false, 0, Double.NaN, Map.of());

    /** @param readers a running subscription of each reader: of the group by its own name, of its instances and replays */
    GroupBacklog(
            Meters meters,
            String system,
            String destination,
            String group,
            Supplier<Map<String, Subscription>> readers) {
        this.meters = meters;
        this.system = system;
        this.destination = destination;
        this.group = group;
        this.readers = readers;
        meters.gauge(OnceMqMeter.LAG, this::messages, system, destination, group);
    }

    private double messages() {
        askAnew();
        return known.messages;
    }

    private void askAnew() {
        if (!isOld() || !asking.compareAndSet(false, true)) {
            return;
        }
        if (isOld()) {
            meters.inBackground(this::ask);
        } else {
            asking.set(false); // another reader's question was answered in between
        }
    }

    private boolean isOld() {
        Known current = known;
        return !current.ever || meters.now() - current.at >= MAX_AGE;
    }

    private void ask() {
        try {
            known = answer();
        } catch (RuntimeException e) {
            known = new Known(true, meters.now(), Double.NaN, Map.of()); // the broker is away, which others tell
        } finally {
            asking.set(false);
        }
    }

    private Known answer() {
        double messages = Double.NaN;
        Map<String, Backlog> shards = new HashMap<>();
        for (Map.Entry<String, Subscription> reader : readers.get().entrySet()) {
            for (Backlog shard : reader.getValue().backlog()) {
                messages = (Double.isNaN(messages) ? 0 : messages) + shard.messages();
                if (reader.getKey().equals(group)) {
                    shards.put(shard.partition(), shard);
                }
            }
        }
        shards.keySet().stream().filter(shown::add).forEach(this::show);
        return new Known(true, meters.now(), messages, shards);
    }

    private void show(String shard) {
        gauge(OnceMqMeter.SHARD_LAG, shard, Backlog::messages);
        gauge(OnceMqMeter.SHARD_POSITION, shard, Backlog::position);
    }

    /** What the broker does not number, as what it no longer tells of, is no number here. */
    private void gauge(OnceMqMeter meter, String shard, ToLongFunction<Backlog> part) {
        Supplier<Number> value = () -> {
            askAnew();
            Backlog backlog = known.shards.get(shard);
            long number = backlog == null ? -1 : part.applyAsLong(backlog);
            return number < 0 ? Double.NaN : number;
        };
        meters.gauge(meter, value, system, destination, group, shard);
    }
}
