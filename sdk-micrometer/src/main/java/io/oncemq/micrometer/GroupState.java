package io.oncemq.micrometer;

import static io.oncemq.micrometer.OnceMqMeter.ACCESS_REFUSED;
import static io.oncemq.micrometer.OnceMqMeter.CONSUMED_MESSAGES;
import static io.oncemq.micrometer.OnceMqMeter.DELIVERIES;
import static io.oncemq.micrometer.OnceMqMeter.DELIVERIES_IN_FLIGHT;
import static io.oncemq.micrometer.OnceMqMeter.HANDLERS_RUNNING;
import static io.oncemq.micrometer.OnceMqMeter.LANES;
import static io.oncemq.micrometer.OnceMqMeter.PROCESS_DURATION;
import static io.oncemq.micrometer.OnceMqMeter.SHARDS;
import static io.oncemq.micrometer.OnceMqMeter.SOURCE_INTERRUPTED;
import static io.oncemq.micrometer.OnceMqMeter.STORE_AVAILABLE;
import static io.oncemq.micrometer.OnceMqMeter.SUBSCRIPTIONS;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.oncemq.DeadLetterPolicy.TooLarge;
import io.oncemq.MessageInterceptor.Handling;
import io.oncemq.MessagingEvent.CompletionAlert.Kind;
import io.oncemq.Subscription;
import io.oncemq.Subscription.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the subscriptions of one group in this process do: usually one, besides it its replays, and the instances of a broadcast group.
 * Thread-safe.
 */
final class GroupState {
    static final String PROCESSED = "processed";
    static final String DUPLICATE = "duplicate";
    static final String ID_REUSED = "id_reused";
    static final String RETRIED = "retried";
    static final String DEAD_LETTERED = "dead_lettered";
    /** Of dead letters, as docs/wire-format.md lists them. */
    private static final List<String> REASONS =
            List.of("attempts-exhausted", "not-retryable", "in-doubt", "expired", "resumed");

    private static final String PROCESS = "process";
    /** Stands for all partitions of a reader. */
    private static final String WHOLE = "";

    /** One reader of one client. */
    record Reader(Object client, String name) {}

    private record Running(Reader reader, Subscription subscription) {}

    private record Owned(Reader reader, String shard) {}

    /** @param partition or nothing for all of the reader's */
    private record Interrupted(Reader reader, String partition) {}

    private final Meters meters;
    private final String system;
    private final String destination;
    private final String group;
    private final LongAdder running = new LongAdder();
    private final List<Running> subscriptions = new CopyOnWriteArrayList<>();
    private final Set<Owned> shards = ConcurrentHashMap.newKeySet();
    private final Set<Reader> withoutStore = ConcurrentHashMap.newKeySet();
    private final Set<Reader> lockedOut = ConcurrentHashMap.newKeySet();
    private final Set<Interrupted> interrupted = ConcurrentHashMap.newKeySet();
    private final Counter consumed;

    GroupState(Meters meters, String system, String destination, String group) {
        this.meters = meters;
        this.system = system;
        this.destination = destination;
        this.group = group;
        this.consumed = meters.counter(CONSUMED_MESSAGES, system, PROCESS, destination, group);
        gauges();
        startAtZero();
        new GroupBacklog(meters, system, destination, group, this::readers);
    }

    private void gauges() {
        meters.gauge(DELIVERIES_IN_FLIGHT, () -> sum(Subscription::inFlight), system, destination, group);
        meters.gauge(LANES, () -> sum(Subscription::lanes), system, destination, group);
        meters.gauge(HANDLERS_RUNNING, running::sum, system, destination, group);
        meters.gauge(SHARDS, shards::size, system, destination, group);
        meters.gauge(STORE_AVAILABLE, () -> anyRuns(withoutStore) ? 0 : 1, system, destination, group);
        meters.gauge(ACCESS_REFUSED, () -> anyRuns(lockedOut) ? 1 : 0, system, destination, group);
        meters.gauge(SOURCE_INTERRUPTED, this::interruptions, system, destination, group);
        meters.gauge(SUBSCRIPTIONS, () -> in(State.RUNNING), system, destination, group, "running");
        meters.gauge(SUBSCRIPTIONS, () -> in(State.PAUSED), system, destination, group, "paused");
    }

    /** So that the first increment is seen as one: a rate over a counter that was not there before is nothing. */
    private void startAtZero() {
        for (String outcome : List.of(PROCESSED, DUPLICATE, ID_REUSED, RETRIED, DEAD_LETTERED)) {
            meters.counter(DELIVERIES, system, destination, group, outcome);
        }
        for (TooLarge choice : TooLarge.values()) {
            meters.counter(OnceMqMeter.DEAD_LETTERS_TOO_LARGE, system, destination, group, Outcomes.lower(choice));
        }
        for (String reason : REASONS) {
            meters.counter(OnceMqMeter.DEAD_LETTERS, system, destination, group, reason);
        }
        for (Kind kind : Kind.values()) {
            meters.counter(OnceMqMeter.COMPLETION_ALERTS, system, destination, group, Outcomes.lower(kind));
        }
        for (OnceMqMeter meter : List.of(
                OnceMqMeter.DEAD_LETTERS_DELAYED,
                OnceMqMeter.HANDLER_OVERRUNS,
                OnceMqMeter.PARTITIONS_LOST,
                OnceMqMeter.POSITIONS_LOST,
                OnceMqMeter.DESTINATIONS_RECREATED,
                OnceMqMeter.CLUSTERS_SUSPECTED,
                OnceMqMeter.SOURCE_INTERRUPTIONS,
                OnceMqMeter.STORE_DATA_LOST,
                OnceMqMeter.SUBSCRIPTIONS_FAILED,
                OnceMqMeter.SUBSCRIPTIONS_RESTARTED)) {
            meters.counter(meter, system, destination, group);
        }
    }

    /** One that is started again is reported again. What its predecessor waited for when it ended does not concern it. */
    void subscribed(Reader reader, Subscription subscription) {
        subscriptions.removeIf(each -> each.subscription == subscription);
        if (!runs(reader)) {
            forget(reader);
        }
        subscriptions.add(new Running(reader, subscription));
    }

    Handling handling() {
        consumed.increment();
        running.increment();
        long began = meters.now();
        return failure -> {
            running.decrement();
            timer(PROCESS_DURATION, PROCESS, Outcomes.errorType(failure))
                    .record(meters.now() - began, TimeUnit.NANOSECONDS);
        };
    }

    private Timer timer(OnceMqMeter meter, String operation, String error) {
        return meters.timer(meter, system, operation, destination, group, error);
    }

    void outcome(String outcome) {
        meters.counter(DELIVERIES, system, destination, group, outcome).increment();
    }

    void count(OnceMqMeter meter, String... more) {
        List<String> values = new ArrayList<>(List.of(system, destination, group));
        values.addAll(List.of(more));
        meters.counter(meter, values.toArray(String[]::new)).increment();
    }

    void assigned(Reader reader, Collection<String> names) {
        names.forEach(name -> shards.add(new Owned(reader, name)));
    }

    void gone(Reader reader, Collection<String> names) {
        names.forEach(name -> {
            shards.remove(new Owned(reader, name));
            interrupted.remove(new Interrupted(reader, name));
        });
    }

    void interrupted(Reader reader, @Nullable String partition) {
        interrupted.add(new Interrupted(reader, partition == null ? WHOLE : partition));
        count(OnceMqMeter.SOURCE_INTERRUPTIONS);
    }

    void resumed(Reader reader, @Nullable String partition, long nanos) {
        interrupted.remove(new Interrupted(reader, partition == null ? WHOLE : partition));
        meters.timer(OnceMqMeter.SOURCE_OUTAGE, system, destination, group).record(nanos, TimeUnit.NANOSECONDS);
    }

    private long interruptions() {
        return interrupted.stream().filter(each -> runs(each.reader)).count();
    }

    /** What a reader reported concerns nobody any more once it is closed. */
    private boolean runs(Reader reader) {
        return running().anyMatch(each -> each.reader.equals(reader));
    }

    private boolean anyRuns(Set<Reader> readers) {
        return readers.stream().anyMatch(this::runs);
    }

    void storeAway(Reader reader) {
        withoutStore.add(reader);
    }

    void storeBack(Reader reader, long nanos) {
        withoutStore.remove(reader);
        meters.timer(OnceMqMeter.STORE_OUTAGE, system, destination, group).record(nanos, TimeUnit.NANOSECONDS);
    }

    void lockedOut(Reader reader, boolean on) {
        if (on) {
            lockedOut.add(reader);
        } else {
            lockedOut.remove(reader);
        }
    }

    /** It has failed: what it waited for concerns nobody any more. */
    void failed(Reader reader) {
        forget(reader);
        shards.removeIf(owned -> owned.reader.equals(reader));
        count(OnceMqMeter.SUBSCRIPTIONS_FAILED);
    }

    private void forget(Reader reader) {
        withoutStore.remove(reader);
        lockedOut.remove(reader);
        interrupted.removeIf(each -> each.reader.equals(reader));
    }

    private long sum(ToIntFunction<Subscription> part) {
        return running().map(Running::subscription).mapToLong(part::applyAsInt).sum();
    }

    private long in(State state) {
        return running().filter(each -> each.subscription.state() == state).count();
    }

    /** Members of the group in this process would all tell the same of it. */
    private Map<String, Subscription> readers() {
        running();
        Map<String, Subscription> readers = new HashMap<>();
        subscriptions.forEach(each -> readers.putIfAbsent(each.reader.name, each.subscription));
        return readers;
    }

    private Stream<Running> running() {
        subscriptions.removeIf(each -> {
            State state = each.subscription.state();
            return state == State.CLOSED || state == State.FAILED;
        });
        return subscriptions.stream();
    }
}
