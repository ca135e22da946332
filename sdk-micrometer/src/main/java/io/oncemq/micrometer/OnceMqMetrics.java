package io.oncemq.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.oncemq.MessagingClientBuilder;

/**
 * The metrics of OnceMQ's clients in a registry; {@link OnceMqMeter} lists them. Every tag is bounded by what the application configures:
 * destinations and groups, never keys or ids. Thread-safe; one serves any number of clients.
 *
 * <pre>{@code
 * MessagingClient mq = OnceMqMetrics.on(registry).addTo(MessagingClient.builder())
 *         .transport("kafka://localhost:9092")
 *         …
 * }</pre>
 *
 * A meter appears with the first message of its destination, or with its subscription.
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
        return builder.listener(client).observer(client);
    }
}
