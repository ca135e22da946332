package io.oncemq.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The meters of one registry, each looked up there once: a look-up makes and sorts tags, which is too much for every message. */
final class Meters {
    /** The bucket boundaries that OpenTelemetry's conventions advise for durations. */
    private static final Duration[] BOUNDARIES = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(75),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofMillis(750),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofMillis(7500),
        Duration.ofSeconds(10)
    };

    private record Name(OnceMqMeter meter, List<String> values) {}

    static final String THREAD = "oncemq-metrics";

    private final MeterRegistry registry;
    private final ThreadPoolExecutor background = background();
    private final Map<Name, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Name, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Name, DestinationState> destinations = new ConcurrentHashMap<>();
    private final Map<Name, GroupState> groups = new ConcurrentHashMap<>();
    private final Map<String, BrokerState> brokers = new ConcurrentHashMap<>();

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param values of the meter's keys, in their order */
    Counter counter(OnceMqMeter meter, String... values) {
        return counters.computeIfAbsent(
                new Name(meter, List.of(values)),
                name -> Counter.builder(meter.getName())
                        .description(meter.meaning())
                        .baseUnit(meter.getBaseUnit())
                        .tags(tags(name))
                        .register(registry));
    }

    Timer timer(OnceMqMeter meter, String... values) {
        return timers.computeIfAbsent(
                new Name(meter, List.of(values)),
                name -> Timer.builder(meter.getName())
                        .description(meter.meaning())
                        .tags(tags(name))
                        .serviceLevelObjectives(BOUNDARIES)
                        .register(registry));
    }

    /** What is known of a destination; clients of one registry share it, since a gauge has one value only. */
    DestinationState destination(String system, String destination) {
        return destinations.computeIfAbsent(
                new Name(OnceMqMeter.PUBLISH_IN_FLIGHT, List.of(system, destination)),
                name -> new DestinationState(this, system, destination));
    }

    /** The same of a group of one. */
    GroupState group(String system, String destination, String group) {
        return groups.computeIfAbsent(
                new Name(OnceMqMeter.DELIVERIES_IN_FLIGHT, List.of(system, destination, group)),
                name -> new GroupState(this, system, destination, group));
    }

    /** The same of brokers of one kind. */
    BrokerState broker(String system) {
        return brokers.computeIfAbsent(system, name -> new BrokerState(this, name));
    }

    void gauge(OnceMqMeter meter, Supplier<Number> value, String... values) {
        Gauge.builder(meter.getName(), value)
                .description(meter.meaning())
                .baseUnit(meter.getBaseUnit())
                .tags(tags(new Name(meter, List.of(values))))
                .register(registry);
    }

    /** For what may wait for a server; one task at a time. */
    void inBackground(Runnable task) {
        background.execute(task);
    }

    private static ThreadPoolExecutor background() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, THREAD);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true); // nobody closes a registry's meters
        return executor;
    }

    /** Monotonic nanoseconds, of the registry's clock. */
    long now() {
        return registry.config().clock().monotonicTime();
    }

    private static List<Tag> tags(Name name) {
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < name.values.size(); i++) {
            tags.add(Tag.of(name.meter.key(i).asString(), name.values.get(i)));
        }
        return tags;
    }
}
