package io.oncemq.quickstart;

import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.PublisherOptions;
import io.oncemq.jackson.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** Publishes the input, in its order, and notes what was confirmed. Counts may be read from other threads. */
final class PublishJob {
    /** A killed broker is back within seconds, but on a busy machine it may take its time. */
    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(2);

    private final Input input;
    private final Expected expected;
    private final AtomicInteger published = new AtomicInteger();
    private final AtomicInteger confirmed = new AtomicInteger();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    PublishJob(CheckedInput input) {
        this.input = input.input();
        this.expected = input.expected();
    }

    /** Publishes everything; returns when each message has its outcome. */
    void run(MessagingClient client, Pace pace) {
        PublisherOptions options =
                PublisherOptions.builder().deadline(LONGEST_OUTAGE).build();
        try (Publisher<Order> publisher = client.publisher(Places.DESTINATION, Json.of(Order.class), options)) {
            input.read(new Input.Visitor() {
                @Override
                public void message(int line, String id, String key, JsonNode data) {
                    expected.sequence(id, key).ifPresent(sequence -> {
                        pace.await(published.get());
                        publish(publisher, id, new Order(key, sequence, data));
                    });
                }

                @Override
                public void malformed(int line, String problem) {
                    // reported when the input was checked
                }
            });
            publisher.flush();
        }
    }

    private void publish(Publisher<Order> publisher, String id, Order order) {
        var unused = publisher
                .publish(OutboundMessage.of(order).id(id).key(order.key()))
                .whenComplete((receipt, failure) -> {
                    if (failure == null) {
                        expected.confirm(id);
                        confirmed.incrementAndGet();
                    } else {
                        failures.add(failure);
                    }
                });
        published.incrementAndGet();
    }

    int published() {
        return published.get();
    }

    int confirmed() {
        return confirmed.get();
    }

    /** Messages that ended rejected or unknown, in words. */
    List<String> failures() {
        return failures.stream().map(Throwable::toString).toList();
    }
}
