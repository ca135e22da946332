package io.oncemq.it.kit;

import brave.Tracing;
import brave.baggage.BaggageField;
import brave.baggage.BaggagePropagation;
import brave.baggage.BaggagePropagationConfig.SingleBaggageField;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.ThreadLocalCurrentTraceContext;
import brave.propagation.TraceContext;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import io.oncemq.micrometer.LinkingProcessHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real tracer behind an observation registry, as a service has it: W3C's headers, and one field of baggage. */
final class Spans implements AutoCloseable {
    static final String TENANT = "tenant";

    private final List<MutableSpan> ended = new CopyOnWriteArrayList<>();
    private final Tracing tracing;
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final Tracer tracer;

    /** @param links whether attempts are linked with their publish, instead of being its children */
    Spans(boolean links) {
        ThreadLocalCurrentTraceContext current =
                ThreadLocalCurrentTraceContext.newBuilder().build();
        BraveBaggageManager baggage = new BraveBaggageManager(List.of(), List.of(TENANT));
        this.tracing = Tracing.newBuilder()
                .currentTraceContext(current)
                .traceId128Bit(true)
                .supportsJoin(false)
                .propagationFactory(BaggagePropagation.newFactoryBuilder(new W3CPropagation(baggage, List.of()))
                        .add(SingleBaggageField.local(BaggageField.create(TENANT)))
                        .build())
                .addSpanHandler(new SpanHandler() {
                    @Override
                    public boolean end(TraceContext context, MutableSpan span, Cause cause) {
                        ended.add(new MutableSpan(span));
                        return true;
                    }
                })
                .build();
        this.tracer = new BraveTracer(tracing.tracer(), new BraveCurrentTraceContext(current), baggage);
        Propagator propagator = new BravePropagator(tracing);
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        links
                                ? new LinkingProcessHandler(tracer, propagator)
                                : new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
    }

    ObservationRegistry registry() {
        return registry;
    }

    /** What the calling thread's baggage says. */
    String tenant() {
        return String.valueOf(tracer.getAllBaggage().get(TENANT));
    }

    /** Runs within a span of the application, for a tenant. */
    void request(String tenant, Runnable work) {
        io.micrometer.tracing.Span span = tracer.nextSpan().name("request").start();
        try (Tracer.SpanInScope scope = tracer.withSpan(span);
                io.micrometer.tracing.BaggageInScope baggage = tracer.createBaggageInScope(TENANT, tenant)) {
            work.run();
        } finally {
            span.end();
        }
    }

    List<MutableSpan> named(String name) {
        return ended.stream().filter(span -> name.equals(span.name())).toList();
    }

    MutableSpan only(String name) {
        List<MutableSpan> spans = named(name);
        if (spans.size() != 1) {
            throw new AssertionError(name + " is there " + spans.size() + " times among " + ended);
        }
        return spans.get(0);
    }

    List<MutableSpan> all() {
        return List.copyOf(ended);
    }

    @Override
    public void close() {
        tracing.close();
    }
}
