package io.oncemq.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.oncemq.MessagingClientBuilder;

/**
 * The metrics of OnceMQ's clients in a registry; {@link OnceMqMeter} lists them. Every tag is bounded by what the application configures:
 * destinations with their shards and groups, never keys or ids. Thread-safe; one serves any number of clients.
 *
 * <pre>{@code
 * MessagingClient mq = OnceMqMetrics.on(registry).addTo(MessagingClient.builder())
 *         .transport("kafka://localhost:9092")
 *         …
 * }</pre>
 *
 * A reading waits for no broker: of a group's lag and positions it shows what the broker said when it was asked last, at an earlier reading, and
 * has it asked again in the background if that is more than 5 seconds ago.
 *
 * <p>A meter appears with the first message of its destination, or with its subscription; those of a shard when the broker has told of it.
 */
public final class OnceMqMetrics {
    private final Meters meters;

    private OnceMqMetrics(MeterRegistry registry) {
        this.meters = new Meters(registry);
    }

    public static OnceMqMetrics on(MeterRegistry registry) {
        return new OnceMqMetrics(registry);
    }

    /** Follows the client that the builder makes; call it once for each builder. */
    public MessagingClientBuilder addTo(MessagingClientBuilder builder) {
        ClientMetrics client = new ClientMetrics(meters);
        return builder.eventListener(client).interceptor(client);
    }
}
