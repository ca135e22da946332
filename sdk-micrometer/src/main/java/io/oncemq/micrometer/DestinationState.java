package io.oncemq.micrometer;

import static io.oncemq.micrometer.OnceMqMeter.BLOCKED_KEYS;
import static io.oncemq.micrometer.OnceMqMeter.OPERATION_DURATION;
import static io.oncemq.micrometer.OnceMqMeter.PUBLISHED;
import static io.oncemq.micrometer.OnceMqMeter.PUBLISH_HELD;
import static io.oncemq.micrometer.OnceMqMeter.PUBLISH_IN_FLIGHT;
import static io.oncemq.micrometer.OnceMqMeter.PUBLISH_SUSPENDED;
import static io.oncemq.micrometer.OnceMqMeter.SENDS_BLOCKED;
import static io.oncemq.micrometer.OnceMqMeter.SENT_MESSAGES;

import io.oncemq.MessageInterceptor.Publishing;
import io.oncemq.Publisher;
import io.oncemq.Receipt;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What publishers of one destination do. Thread-safe. */
final class DestinationState {
    private static final String SEND = "send";

    private final Meters meters;
    private final String system;
    private final String destination;
    private final LongAdder open = new LongAdder();
    private final Set<Object> suspended = ConcurrentHashMap.newKeySet();
    private final Set<Object> held = ConcurrentHashMap.newKeySet();
    /** One per client: publishers of one destination and client answer alike. */
    private final Map<Object, Publisher<?>> publishers = new ConcurrentHashMap<>();

    DestinationState(Meters meters, String system, String destination) {
        this.meters = meters;
        this.system = system;
        this.destination = destination;
        meters.counter(SENDS_BLOCKED, system, destination);
        for (String outcome : List.of(Outcomes.CONFIRMED, Outcomes.REJECTED, Outcomes.UNKNOWN, Outcomes.FAILED)) {
            meters.counter(PUBLISHED, system, destination, outcome);
        }
        meters.gauge(PUBLISH_IN_FLIGHT, open::sum, system, destination);
        meters.gauge(PUBLISH_SUSPENDED, () -> suspended.isEmpty() ? 0 : 1, system, destination);
        meters.gauge(PUBLISH_HELD, () -> held.isEmpty() ? 0 : 1, system, destination);
        meters.gauge(
                BLOCKED_KEYS,
                () -> publishers.values().stream()
                        .mapToInt(Publisher::blockedKeys)
                        .sum(),
                system,
                destination);
    }

    Publishing publishing() {
        open.increment();
        long began = meters.now();
        return (receipt, failure) -> {
            open.decrement();
            ended(receipt, failure, meters.now() - began);
        };
    }

    private void ended(@Nullable Receipt receipt, @Nullable Throwable failure, long nanos) {
        String error = receipt == null ? Outcomes.errorType(failure) : Outcomes.NONE;
        meters.counter(PUBLISHED, system, destination, receipt == null ? Outcomes.of(failure) : Outcomes.CONFIRMED)
                .increment();
        if (receipt != null || Outcomes.handedOver(failure)) {
            meters.counter(SENT_MESSAGES, system, SEND, destination, error).increment();
        }
        meters.timer(OPERATION_DURATION, system, SEND, SEND, destination, error).record(nanos, TimeUnit.NANOSECONDS);
    }

    void opened(Object client, Publisher<?> publisher) {
        publishers.put(client, publisher);
    }

    void suspended(Object client, boolean on) {
        set(suspended, client, on);
    }

    void held(Object client, boolean on) {
        set(held, client, on);
    }

    private static void set(Set<Object> clients, Object client, boolean on) {
        if (on) {
            clients.add(client);
        } else {
            clients.remove(client);
        }
    }
}
