package io.oncemq.micrometer;

import io.micrometer.observation.ObservationRegistry;
import io.oncemq.MessagingClientBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The observations of OnceMQ's clients in a registry: one of each publish, one of each attempt to handle a message;
 * {@link OnceMqObservation} lists their key values. With Micrometer Tracing's handlers in the registry they are spans, and the context of the
 * trace goes through the broker in the headers that the handlers' propagator writes ({@code traceparent}, {@code tracestate} and
 * {@code baggage} for W3C's). Immutable and thread-safe; one serves any number of clients.
 *
 * <pre>{@code
 * MessagingClient mq = OnceMqObservations.on(registry).addTo(MessagingClient.builder())…
 * }</pre>
 *
 * The span of a publish is the child of what the publishing thread works for. The span of an attempt is the child of the publish, or linked
 * with it if the registry has a {@link LinkingProcessHandler}; each attempt has a span of its own. What a handler derives is published
 * within the attempt that derived it, and the trace goes on.
 */
public final class OnceMqObservations {
    private final ObservationRegistry registry;
    private final @Nullable PublishObservationConvention publishing;
    private final @Nullable ProcessObservationConvention processing;

    private OnceMqObservations(
            ObservationRegistry registry,
            @Nullable PublishObservationConvention publishing,
            @Nullable ProcessObservationConvention processing) {
        this.registry = registry;
        this.publishing = publishing;
        this.processing = processing;
    }

    public static OnceMqObservations on(ObservationRegistry registry) {
        return new OnceMqObservations(registry, null, null);
    }

    /** Names publishes otherwise than {@link DefaultPublishObservationConvention}, whatever the registry's own conventions say. */
    public OnceMqObservations publishConvention(PublishObservationConvention convention) {
        return new OnceMqObservations(registry, convention, processing);
    }

    /** Names attempts otherwise than {@link DefaultProcessObservationConvention}, whatever the registry's own conventions say. */
    public OnceMqObservations processConvention(ProcessObservationConvention convention) {
        return new OnceMqObservations(registry, publishing, convention);
    }

    /** Follows the client that the builder makes; call it once for each builder. */
    public MessagingClientBuilder addTo(MessagingClientBuilder builder) {
        return builder.interceptor(new ClientObservations(registry, publishing, processing));
    }
}
