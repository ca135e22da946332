package io.oncemq.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import io.oncemq.Headers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Begins a trace of its own for each attempt to handle a message and links it with the publish, as OpenTelemetry's conventions prefer:
 * consumers that repeat, replay and fan out do not grow one endless trace. Register it before Micrometer's own handler for receivers,
 * inside the same {@code FirstMatchingCompositeObservationHandler}; without it the attempt is a child of the publish, as that handler makes it.
 * Baggage belongs to the trace of the publish and does not come along. Needs micrometer-tracing on the class path, and W3C's
 * {@code traceparent} among the headers. Thread-safe.
 */
public final class LinkingProcessHandler implements TracingObservationHandler<ProcessContext> {
    private static final Pattern TRACE_PARENT =
            Pattern.compile("[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2}).*");

    private final Linking linking;

    public LinkingProcessHandler(Tracer tracer, Propagator propagator) {
        this.linking = new Linking(tracer, propagator);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ProcessContext;
    }

    @Override
    public void onStart(ProcessContext context) {
        linking.onStart(context);
    }

    @Override
    public void onError(ProcessContext context) {
        linking.onError(context);
    }

    @Override
    public void onStop(ProcessContext context) {
        linking.onStop(context);
    }

    @Override
    public Tracer getTracer() {
        return linking.getTracer();
    }

    /**
     * Not a superclass: an application whose beans include a handler for receivers gets none from Spring Boot, and its other inbound traces
     * would end there.
     */
    private static final class Linking extends PropagatingReceiverTracingObservationHandler<ProcessContext> {
        Linking(Tracer tracer, Propagator propagator) {
            super(tracer, propagator);
        }

        @Override
        public Span.Builder customizeExtractedSpan(ProcessContext context, Span.Builder extracted) {
            TraceContext publish = publish(context.getCarrier());
            return publish == null ? extracted : linked(context, new Link(publish));
        }

        /** A builder that was extracted keeps its trace with some tracers, whatever is said of its parent. */
        private Span.Builder linked(ProcessContext context, Link publish) {
            Span.Builder span = getTracer()
                    .spanBuilder()
                    .setNoParent()
                    .kind(Span.Kind.CONSUMER)
                    .addLink(publish);
            String broker = context.getRemoteServiceName();
            return broker == null ? span : span.remoteServiceName(broker);
        }

        private @Nullable TraceContext publish(@Nullable Headers headers) {
            String parent = headers == null ? null : headers.text("traceparent");
            Matcher matcher = parent == null ? null : TRACE_PARENT.matcher(parent);
            if (matcher == null || !matcher.matches()) {
                return null;
            }
            return getTracer()
                    .traceContextBuilder()
                    .traceId(matcher.group(1))
                    .spanId(matcher.group(2))
                    .sampled((Integer.parseInt(matcher.group(3), 16) & 1) == 1)
                    .build();
        }
    }
}
